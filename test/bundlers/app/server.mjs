import { db, migrate, signIn } from './journey.mjs'

async function main() {
  const ran = await migrate()
  const name = await signIn()
  await db.destroy()
  console.log(`${ran.length} migrations, ${name}`)
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})

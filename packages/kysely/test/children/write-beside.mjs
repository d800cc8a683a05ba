import { sql } from 'kysely'
import { connect } from './connect.mjs'

// Writes to the tables, one statement after the other, until it is told to stop: how long each took, and which lock took too long.
const [entry, dialect, url] = process.argv.slice(2)
const { db } = await connect([entry, dialect, url])
const expires = Date.now() + 86_400_000
const times = []
const errors = []
const told = { isOver: false }
let number = 0

const STATEMENTS = [
  (id) => sql`insert into sessions (id, session_token, user_id, expires, created_at, last_seen_at)
    values (${id}, ${id}, ${user()}, ${expires + number}, 0, 0)`,
  (id) => sql`update sessions set expires = expires + 60000, last_seen_at = 1 where session_token = ${id}`,
  // Also those of a person that have expired.
  () => sql`update sessions set last_seen_at = last_seen_at + 1 where user_id = ${user()}`,
  (id) => sql`insert into verification_tokens (identifier, token, expires) values (${user()}, ${id}, ${expires})`,
  (id) => sql`insert into one_rows (id, owner, kind, count, until) values (${id}, ${user()}, 'a', 1, ${expires})`,
  (id) => sql`delete from one_rows where id = ${id}`,
]

function user() {
  return `user-${Math.floor(Math.random() * 1_000)}`
}

async function time(statement) {
  const start = performance.now()
  await statement.execute(db).catch((error) => errors.push(`${error.code} ${error.message}`))
  times.push(performance.now() - start)
}

process.on('message', (message) => {
  if (message === 'stop') told.isOver = true
  if (message === 'read') process.send({ times: times.splice(0), errors: errors.splice(0) })
})
await sql`select 1`.execute(db)
process.send('ready')
while (!told.isOver) {
  const id = `beside-${++number}`
  for (const statement of STATEMENTS) await time(statement(id))
  await new Promise((resolve) => setTimeout(resolve, 5))
}
await db.destroy()
process.disconnect()

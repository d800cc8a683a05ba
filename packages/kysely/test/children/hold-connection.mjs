import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { pathToFileURL } from 'node:url'

// A connection is checked out while the server ends it: at first an idle one, then one for each of ten running queries.
const [entry, kind, url] = process.argv.slice(2)
const { postgresDialect } = await import(pathToFileURL(entry).href)
const name = `latchkey-x01-${process.pid}`
const pool = new pg.Pool({ connectionString: url, application_name: name })
// The plain dialect as careful apps use it.
if (kind === 'plain') pool.on('error', () => {})
const db = new Kysely({ dialect: kind === 'plain' ? new PostgresDialect({ pool }) : postgresDialect(pool) })
const admin = new pg.Client(url)
await admin.connect()
const killAll = () =>
  admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name])

await db.connection().execute(async (held) => {
  await sql`select 1`.execute(held)
  await killAll()
  await new Promise((resolve) => setTimeout(resolve, 200))
})
const queries = Array.from({ length: 10 }, () => sql`select pg_sleep(30)`.execute(db))
const settled = Promise.allSettled(queries)
let running = 0
while (running < 10) {
  const { rows } = await admin.query(
    `select count(*)::int as running from pg_stat_activity where application_name = $1 and state = 'active'`,
    [name],
  )
  running = rows[0].running
}
await killAll()
const failed = (await settled).filter(({ status }) => status === 'rejected').length
// A connection whose end has not been noticed yet may fail one more query.
const ask = () => sql`select 1 as alive`.execute(db).catch(() => null)
let answer = await ask()
while (answer === null) answer = await ask()
console.log(JSON.stringify({ failed, ...answer.rows[0] }))
await admin.end()
await db.destroy()

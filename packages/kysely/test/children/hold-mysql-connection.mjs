import { Kysely, MysqlDialect, sql } from 'kysely'
import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { pathToFileURL } from 'node:url'

// A connection is checked out while the server ends it: at first an idle one, then one for each of ten running queries.
const [entry, kind, url] = process.argv.slice(2)
const { mysqlDialect } = await import(pathToFileURL(entry).href)
const pool = createPool(url)
const db = new Kysely({ dialect: kind === 'plain' ? new MysqlDialect({ pool }) : mysqlDialect(pool) })
const admin = await createConnection(url)
const ids = new Set()
pool.on('connection', (connection) => ids.add(connection.threadId))
const killAll = async () => {
  for (const id of ids) await admin.query('kill ?', [id]).catch(() => {})
  ids.clear()
}

await db.connection().execute(async (held) => {
  await sql`select 1`.execute(held)
  await killAll()
  await new Promise((resolve) => setTimeout(resolve, 200))
})
const queries = Array.from({ length: 10 }, () => sql`select sleep(30)`.execute(db))
const settled = Promise.allSettled(queries)
let running = 0
while (running < 10) {
  const [rows] = await admin.query(
    `select count(*) as running from information_schema.processlist where info = 'select sleep(30)' and db = database()`,
  )
  running = rows[0].running
}
await killAll()
const failed = (await settled).filter(({ status }) => status === 'rejected').length
const ask = () => sql`select 1 as alive`.execute(db).catch(() => null)
let answer = await ask()
while (answer === null) answer = await ask()
console.log(JSON.stringify({ failed, ...answer.rows[0] }))
await admin.end()
await db.destroy()

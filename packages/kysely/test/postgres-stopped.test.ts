import type { CompleteAdapter, StoredSession } from '@latchkey/core'
import { Kysely, sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { kyselyAdapter, postgresDialect } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith } from './services.ts'
import type { Db } from './support/database.ts'
import { findServerPrograms, type OwnPostgres, startPostgres } from './support/own-postgres.ts'
import { sessionOf } from './support/rows.ts'
import { WRITES } from './support/writes.ts'

const bin = findServerPrograms()
const service = { name: 'initdb', url: 'postgres://127.0.0.1', isReachable: bin !== null }

/** How long after its call a write may happen, in milliseconds. */
const WRITE_TIMEOUT = 400
const LONG_AFTER = 3 * WRITE_TIMEOUT

describeWith(service, 'a PostgreSQL that stands still and goes on', () => {
  let server: OwnPostgres
  let db: Db
  let pid: number
  let adapter: CompleteAdapter
  let session: StoredSession
  beforeAll(async () => {
    server = await startPostgres(String(bin))
    // One connection, so that its process is known.
    db = new Kysely({ dialect: postgresDialect(new Pool({ connectionString: server.url, max: 1 })) })
    await migrateToLatest(db)
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
    pid = Number(rows[0]?.pid)
    adapter = kyselyAdapter(db, { writeTimeout: WRITE_TIMEOUT / 1_000 })
    await adapter.createUser({ id: 'ada' })
  })
  afterAll(async () => {
    await db.destroy()
    await server.drop()
  })
  beforeEach(async () => {
    await db.deleteFrom('sessions').execute()
    session = sessionOf('ada')
    await kyselyAdapter(db, { writeTimeout: '30s' }).createSession(session)
    await adapter.getSessionAndUser(session.sessionToken)
  })
  const rows = () => db.selectFrom('sessions').selectAll().execute()

  test.each(WRITES)('M09 $write, sent while it stood still, changes nothing afterwards', async ({ run }) => {
    const before = await rows()
    server.pause(pid)
    const outcome = run(adapter, session).then(
      () => 'written',
      (error: unknown) => error,
    )
    await new Promise((resolve) => setTimeout(resolve, LONG_AFTER))
    server.resume(pid)
    expect(await outcome).toEqual(expect.any(Error))
    expect(await rows()).toEqual(before)
  })

  test.each(WRITES)('M09 $write, sent while it stood still for a moment, is written', async ({ run }) => {
    const before = await rows()
    server.pause(pid)
    const outcome = run(kyselyAdapter(db, { writeTimeout: '30s' }), session)
    // What the adapter doesn't know yet is the database's clock: it asks, and that waits too.
    await new Promise((resolve) => setTimeout(resolve, 100))
    server.resume(pid)
    expect([true, undefined]).toContain(await outcome)
    expect(await rows()).not.toEqual(before)
  })
})

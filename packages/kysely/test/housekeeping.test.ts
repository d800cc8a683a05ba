import { createAuth, credentials } from '@latchkey/core'
import { CompiledQuery, sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { countRows, describeTimes, fill, PLUGIN, rows, startWriter } from './support/housekeeping.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { explainAll, READS_ALL } from './support/queries.ts'
import { createSqlite } from './support/sqlite.ts'

/** How many sessions have expired, beside as many that live on. `HOUSEKEEPING_ROWS=1000000` for a million. */
const ROWS = Number(process.env.HOUSEKEEPING_ROWS ?? 10_000)
const BATCH = 500
/** Milliseconds. By the server's own clock; more on a machine that runs many tests at once, whose batches take longer too. */
const LONGEST_LOCK = ROWS >= 100_000 ? 200 : 1_000
/** What is left of the sessions for the engine's own cleanup. */
const FOR_ENGINE = 2_000

/** Expired rows go in batches, by the adapter's method and then by the engine, while another process writes to the same tables. */
async function keepHouse(name: string, database: TestDatabase): Promise<void> {
  onTestFinished(() => database.drop())
  const db = database.connect()
  await migrateToLatest(db, { plugins: [PLUGIN] })
  await fill(db, database.address, ROWS)
  await explainBatches(database, db)
  const writer = await startWriter(database, LONGEST_LOCK)
  onTestFinished(writer.stop)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const alone = await writer.read()
  const batches = await deleteMost(db)
  const beside = await writer.read()
  await cleanUp(db)
  const engine = await writer.read()
  for (const { errors } of [alone, beside, engine]) expect(errors).toEqual([])
  expect(await countRows(db, 'sessions')).toMatchObject({ dead: 0 })
  expect((await countRows(db, 'sessions')).live).toBeGreaterThanOrEqual(ROWS)
  expect(await countRows(db, 'verification_tokens')).toMatchObject({ dead: 0 })
  expect(await countRows(db, 'one_rows', 'until')).toMatchObject({ dead: 0 })
  console.info(
    `${name}, ${ROWS} expired sessions among as many live ones, batches of ${BATCH}: ${describeTimes(batches)}\n` +
      `  a writer beside: alone ${describeTimes(alone.times)}; deleteExpired ${describeTimes(beside.times)}; the engine ${describeTimes(engine.times)}`,
  )
}

/** Milliseconds of each batch. */
async function deleteMost(db: Db): Promise<readonly number[]> {
  const adapter = kyselyAdapter(db)
  const times: number[] = []
  for (let left = ROWS - FOR_ENGINE; left > 0; left -= BATCH) {
    const start = performance.now()
    expect(await adapter.deleteExpired({ now: new Date(), limit: BATCH })).toBe(BATCH)
    times.push(performance.now() - start)
  }
  return times
}

/** A sign-in begins it. */
async function cleanUp(db: Db): Promise<void> {
  const adapter = kyselyAdapter(db)
  adapter.table('one_rows', rows)
  let isOver = () => {}
  const over = new Promise<void>((resolve) => {
    isOver = resolve
  })
  const deleteExpired: typeof adapter.deleteExpired = async (params) => {
    const deleted = await adapter.deleteExpired(params)
    if (deleted < BATCH) isOver()
    return deleted
  }
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: 'http://app.test',
    adapter: { ...adapter, deleteExpired },
    adapterTimeout: '30s',
    cleanup: { batch: BATCH },
    providers: [
      credentials({ input: z.object({ id: z.string() }), identify: null, authorize: ({ id }) => ({ id, name: id }) }),
    ],
    logger: { error: (message, cause) => expect.unreachable(`${message}: ${String(cause)}`), warn: () => {} },
  })
  const headers = { 'content-type': 'application/json', origin: 'http://app.test' }
  const request = { method: 'POST', headers, body: JSON.stringify({ id: 'someone' }) }
  const response = await auth.handler(new Request('http://app.test/auth/signin/credentials', request))
  expect(response.status).toBe(200)
  await over
  await auth.close()
}

/** By an index: when nothing has expired, and when half of each table has. */
async function explainBatches(database: TestDatabase, db: Db): Promise<void> {
  const [dialect] = database.address
  if (dialect !== 'mysql') await sql`analyze`.execute(db)
  const log: CompiledQuery[] = []
  const adapter = kyselyAdapter(database.connect((event) => void log.push(event.query)))
  adapter.table('one_rows', rows)
  expect(await adapter.deleteExpired({ now: new Date(0), limit: BATCH })).toBe(0)
  expect(log).toHaveLength(3)
  const atPresent = log.map(({ sql: text, parameters }) =>
    CompiledQuery.raw(
      text,
      parameters.map((value) => (value === BATCH ? BATCH : Date.now())),
    ),
  )
  // libsql leaves an explained write unfinished: the connection is of no use to anybody else.
  for (const plan of await explainAll(database.connect(), dialect, [...log, ...atPresent], {
    freely: ROWS >= 1_000_000,
  })) {
    expect(plan).not.toMatch(READS_ALL[dialect])
    expect(plan).toMatch(/sessions_expires_index|verification_tokens_expires_index|one_rows_index_1_\d/)
  }
}

const LONG = { timeout: 60_000 + ROWS }
const postgres = await findPostgres()
const mariadb = await findMariadb()

describeWith(postgres, 'housekeeping on PostgreSQL', () => {
  test('D05 expired rows are found by an index and go in batches, and no lock is held for long', LONG, async () => {
    await keepHouse('PostgreSQL', await createPostgres(postgres))
  })
})

describeWith(mariadb, 'housekeeping on MariaDB', () => {
  test('D05 expired rows are found by an index and go in batches, beside a writer', LONG, async () => {
    await keepHouse('MariaDB', await createMariadb(mariadb))
  })
})

test('D05 on a SQLite file, expired rows are found by an index and go in batches, beside a writer', LONG, async () => {
  await keepHouse('SQLite', await createSqlite())
})

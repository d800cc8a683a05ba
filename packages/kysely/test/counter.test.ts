import { attemptTables, tableCounter } from '@latchkey/core'
import { Kysely, sql } from 'kysely'
import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { kyselyTables, postgresDialect } from '../src/index.ts'
import { migrateTables } from '../src/migrate.ts'
import { describeWith, findPostgres } from './services.ts'
import { createPostgres } from './support/postgres.ts'

const service = await findPostgres()

/** `ATTEMPTS=100000` for the figure of docs/reliability.md. */
const KEYS = Number(process.env.ATTEMPTS ?? 5_000) / 50
const PER_KEY = 50
const LIMIT = 40
const CALLERS = 64
const NOW = new Date('2026-01-01T12:05:00Z')

describeWith(service, 'a counter in a table of PostgreSQL', () => {
  test('64 callers at once: as many statements as attempts, and not one is lost', { timeout: 900_000 }, async () => {
    const database = await createPostgres(service)
    const pool = new Pool({ connectionString: database.address[1], max: 16 })
    let statements = 0
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown // one of many overloads
      Object.assign(client, { query: (...args: unknown[]) => (statements++, query(...args)) })
    })
    const db = new Kysely<object>({ dialect: postgresDialect(pool) })
    await migrateTables(db, { plugins: [attemptTables] })
    const counter = tableCounter(kyselyTables(db))
    statements = 0
    const startedAt = performance.now()
    let [next, allowed, refused] = [0, 0, 0]
    const call = async () => {
      while (next < KEYS * PER_KEY) {
        // So that callers meet at the same keys.
        const key = String(Math.floor(next++ / PER_KEY)).padStart(43, 'k')
        const attempt = await counter.consume(key, { limit: LIMIT, window: 900_000 }, NOW)
        if (attempt.allowed) allowed++
        else refused++
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, call))
    console.log(
      `${KEYS * PER_KEY} attempts took ${Math.round(performance.now() - startedAt)} ms, and ${statements} statements`,
    )
    expect({ allowed, refused, statements }).toEqual({
      allowed: KEYS * LIMIT,
      refused: KEYS * (PER_KEY - LIMIT),
      statements: KEYS * PER_KEY,
    })
    const counts = await sql<{ n: string; least: string; most: string }>`
      select count(*) as n, min(count) as least, max(count) as most from latchkey_attempts`.execute(db)
    expect(counts.rows).toEqual([{ n: String(KEYS), least: String(LIMIT), most: String(LIMIT) }])
    await db.destroy()
    await database.drop()
  })
})

import { integer, instant, type Row, table, text, user } from '@latchkey/core'
import { type CompiledQuery, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kyselyAdapter, kyselyTables } from '../../src/index.ts'
import { migrateTables, migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'
import { explainAll, READS_ALL } from './queries.ts'

const rows = table(
  { id: text(), owner: user(), kind: text(), count: integer(), until: instant() },
  { unique: [['id']], indexes: [['kind', 'count']], expires: 'until' },
)
const PLUGIN = { id: 'one', tables: { rows } }

const rowOf = (fields: Partial<Row<typeof rows>> = {}): Row<typeof rows> => ({
  id: crypto.randomUUID(),
  owner: 'ada',
  kind: 'a',
  count: 1,
  until: new Date(0),
  ...fields,
})

/** What holds of plug-ins' tables beyond core's contract. */
export function describePluginTables(create: () => Promise<TestDatabase>): void {
  describe('tables of plug-ins', () => {
    let database: TestDatabase
    let db: Db
    beforeEach(async () => {
      database = await create()
      db = database.connect()
    })
    afterEach(() => database.drop())

    test('D05 find their rows by an index', async () => {
      await migrateToLatest(db, { plugins: [PLUGIN] })
      const log: CompiledQuery[] = []
      const adapter = kyselyAdapter(database.connect((event) => void log.push(event.query)))
      const opened = adapter.table('one_rows', rows)
      await adapter.createUser({ id: 'ada' })
      await Promise.all(Array.from({ length: 300 }, (_, index) => opened.insert(rowOf({ kind: `kind ${index}` }))))
      log.length = 0
      await opened.get({ id: 'x' })
      await opened.take({ id: 'x' })
      await opened.list({ where: { kind: 'kind 1', count: { above: 0 } }, limit: 5 })
      await opened.list({ where: { owner: 'nobody' }, limit: 5, after: { id: 'x' } })
      await opened.update({ id: 'x', count: 1 }, { count: 2 })
      await opened.remove({ kind: 'nothing' })
      await opened.remove({ until: { below: new Date(-1) } }, 5)
      await adapter.deleteExpired({ now: new Date(-1), limit: 5 })
      await adapter.deleteUser('nobody')
      expect(log.length).toBeGreaterThanOrEqual(12)
      const [dialect] = database.address
      for (const plan of await explainAll(database.connect(), dialect, log))
        expect(plan).not.toMatch(READS_ALL[dialect])
    })

    test('M20 a refused key does not end a transaction of the app', async () => {
      await migrateTables(db, { plugins: [PLUGIN] })
      const [one, two] = [rowOf(), rowOf()]
      await db.transaction().execute(async (transaction) => {
        const opened = kyselyTables(transaction).table('one_rows', rows)
        expect(await opened.insert(one)).toBe(true)
        expect(await opened.insert(one)).toBe(false)
        expect(await opened.insert(two)).toBe(true)
        expect(await opened.take({ id: two.id })).toEqual(two)
      })
      const opened = kyselyTables(db).table('one_rows', rows)
      expect(await opened.list({ limit: 9 })).toEqual([one])
      const undone = db.transaction().execute(async (transaction) => {
        await kyselyTables(transaction).table('one_rows', rows).insert(two)
        throw new Error('changed my mind')
      })
      await expect(undone).rejects.toThrow('changed my mind')
      expect(await opened.list({ limit: 9 })).toEqual([one])
    })

    test('D05 a user who is deleted takes their rows along where no foreign key does it', async () => {
      await migrateToLatest(db)
      await migrateTables(db, { plugins: [PLUGIN] })
      const adapter = kyselyAdapter(db)
      const opened = adapter.table('one_rows', rows)
      for (const id of ['ada', 'bob']) await adapter.createUser({ id })
      await opened.insert(rowOf())
      const left = rowOf({ owner: 'bob' })
      await opened.insert(left)
      await adapter.deleteUser('ada')
      expect(await opened.list({ limit: 9 })).toEqual([left])
    })

    test('instants are milliseconds, like those of sessions, and text is text', async () => {
      await migrateTables(db, { plugins: [PLUGIN] })
      const until = new Date('2026-03-01T12:00:00.123Z')
      await kyselyTables(db)
        .table('one_rows', rows)
        .insert(rowOf({ id: 'x', until }))
      const { rows: stored } = await sql<{ until: unknown }>`select until from one_rows where id = 'x'`.execute(db)
      expect(Number(stored[0]?.until)).toBe(until.getTime())
    })
  })
}

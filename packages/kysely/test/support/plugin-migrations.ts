import { instant, integer, nullable, table, text, user } from '@latchkey/core'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kyselyAdapter, kyselyTables } from '../../src/index.ts'
import { migrateTables, migrateToLatest, migrations, type PluginTables } from '../../src/migrate.ts'
import { runChild } from './child.ts'
import type { Db, TestDatabase } from './database.ts'

const ALL = Object.keys(migrations)

const first = table({ id: text(), owner: user(), count: integer() }, { unique: [['id']] })
const second = table(
  {
    id: text(),
    owner: user(),
    count: integer(),
    remark: nullable(text(), { since: 2 }),
    reader: nullable(user(), { since: 2 }),
    seenAt: nullable(instant(), { since: 4 }),
  },
  { unique: [['id']], indexes: [['owner', 'remark'], ['seenAt']], expires: 'seenAt' },
)
const late = table({ name: text() }, { unique: [['name']], since: 4 })

/** A plug-in before and after two changes. */
const OLD: PluginTables = { id: 'noteBook', tables: { pages: first } }
const NEW: PluginTables = { id: 'noteBook', tables: { pages: second, tornPages: late } }
const OTHER: PluginTables = { id: 'aaa', tables: { rows: table({ id: text() }, { unique: [['id']] }) } }

export function describePluginMigrations(create: () => Promise<TestDatabase>): void {
  describe('migrations of plug-ins', () => {
    let database: TestDatabase
    let db: Db
    beforeEach(async () => {
      database = await create()
      db = database.connect()
    })
    afterEach(() => database.drop())

    test('D04 come after the library’s own, and have nothing to do the second time', async () => {
      expect(await migrateToLatest(db, { plugins: [OLD] })).toEqual([...ALL, 'note_book_001'])
      expect(await migrateToLatest(db, { plugins: [OLD] })).toEqual([])
      expect(await migrateToLatest(db)).toEqual([])
    })

    test('add what has come later to a table with rows', async () => {
      await migrateToLatest(db, { plugins: [OLD] })
      const adapter = kyselyAdapter(db)
      await adapter.createUser({ id: 'ada' })
      await adapter.table('note_book_pages', first).insert({ id: 'a', owner: 'ada', count: 1 })
      expect(await migrateToLatest(db, { plugins: [NEW] })).toEqual(['note_book_002', 'note_book_004'])
      expect(await migrateToLatest(db, { plugins: [NEW] })).toEqual([])
      const pages = adapter.table('note_book_pages', second)
      const old = { id: 'a', owner: 'ada', count: 1, remark: null, reader: null, seenAt: null }
      expect(await pages.get({ id: 'a' })).toEqual(old)
      await expectWorkingTables(db)
      // An instance of the release before, which runs on beside the new one.
      const before = kyselyAdapter(db).table('note_book_pages', first)
      expect(await before.get({ id: 'a' })).toEqual({ id: 'a', owner: 'ada', count: 1 })
      expect(await before.insert({ id: 'b', owner: 'ada', count: 2 })).toBe(true)
      expect(await migrateToLatest(db, { plugins: [OLD] })).toEqual([])
    })

    test('lead from nothing to the same tables', async () => {
      const names = ['note_book_001', 'note_book_002', 'note_book_004']
      expect(await migrateToLatest(db, { plugins: [NEW] })).toEqual([...ALL, ...names])
      await expectWorkingTables(db)
    })

    test('D04 that were cut off before they were written down are run again', async () => {
      await migrateToLatest(db, { plugins: [NEW] })
      await sql`delete from ${sql.table('latchkey_migration_note_book')}`.execute(db)
      expect(await migrateToLatest(db, { plugins: [NEW] })).toHaveLength(3)
      await expectWorkingTables(db)
    })

    test('D04 run by six instances at once make one schema, and none of them fails', async () => {
      const runs = await Promise.all(
        Array.from({ length: 6 }, () => migrateToLatest(database.connect(), { plugins: [NEW, OTHER] })),
      )
      expect(runs.flat()).toHaveLength(ALL.length + 4)
      await expectWorkingTables(db)
    })

    test('D04 run by three processes at once make one schema, and none of them fails', async () => {
      const children = await Promise.all([1, 2, 3].map(() => runChild('migrate-plugin.mjs', database.address)))
      for (const child of children) expect(child).toMatchObject({ code: 0, stderr: '' })
      const names = children.flatMap((child): string[] => JSON.parse(child.stdout))
      expect(names).toEqual([...ALL, 'child_001', 'child_002'])
    })

    test('a plug-in comes and goes without disturbing the others', async () => {
      await migrateToLatest(db, { plugins: [NEW] })
      expect(await migrateToLatest(db, { plugins: [OTHER, NEW] })).toEqual(['aaa_001'])
      expect(await migrateToLatest(db, { plugins: [OTHER] })).toEqual([])
      expect(await migrateToLatest(db, { plugins: [NEW, OTHER] })).toEqual([])
    })

    test('a table of somebody else’s under the name is refused by the column that it lacks', async () => {
      await db.schema.createTable('note_book_pages').addColumn('id', 'integer').addColumn('owner', 'integer').execute()
      await expect(migrateToLatest(db, { plugins: [OLD] })).rejects.toThrow(/count/)
    })

    test('two plug-ins with one id, and a name that is none, are refused', async () => {
      await expect(migrateToLatest(db, { plugins: [OLD, NEW] })).rejects.toThrow(/plugins: two of them/)
      const nameless = { id: 'x'.repeat(60), tables: { rows: late } }
      await expect(migrateToLatest(db, { plugins: [nameless] })).rejects.toThrow(TypeError)
    })

    test('a plug-in without tables needs none', async () => {
      expect(await migrateToLatest(db, { plugins: [{ id: 'bare' }, { id: 'empty', tables: {} }] })).toEqual(ALL)
    })

    test('without users the tables stand alone', async () => {
      expect(await migrateTables(db, { plugins: [NEW] })).toEqual([
        'latchkey_005_challenges',
        'note_book_001',
        'note_book_002',
        'note_book_004',
      ])
      expect(await migrateTables(db, { plugins: [NEW] })).toEqual([])
      const pages = kyselyTables(db).table('note_book_pages', second)
      const page = { id: 'a', owner: 'of another library', count: 1, remark: null, reader: 'nobody', seenAt: null }
      expect(await pages.insert(page)).toBe(true)
      await expect(db.selectFrom('users').selectAll().execute()).rejects.toThrow(/users/)
    })

    test('a user who is deleted without the adapter takes their rows along, also by a column that came later', async () => {
      await migrateToLatest(db, { plugins: [OLD] })
      await migrateToLatest(db, { plugins: [NEW] })
      const adapter = kyselyAdapter(db)
      for (const id of ['ada', 'bob']) await adapter.createUser({ id })
      const pages = adapter.table('note_book_pages', second)
      const page = { id: 'a', owner: 'ada', count: 1, remark: null, reader: null, seenAt: null }
      for (const row of [page, { ...page, id: 'b', owner: 'bob' }, { ...page, id: 'c', owner: 'bob', reader: 'ada' }])
        await pages.insert(row)
      await db.deleteFrom('users').where('id', '=', 'ada').execute()
      expect(await pages.list({ limit: 9 })).toMatchObject([{ id: 'b' }])
    })
  })
}

async function expectWorkingTables(db: Db): Promise<void> {
  const adapter = kyselyAdapter(db)
  const [owner, reader] = [crypto.randomUUID(), crypto.randomUUID()]
  for (const id of [owner, reader]) await adapter.createUser({ id })
  const pages = adapter.table('note_book_pages', second)
  const page = { id: crypto.randomUUID(), owner, count: 1, remark: 'x', reader, seenAt: new Date(0) }
  expect(await pages.insert(page)).toBe(true)
  await expect(pages.insert({ ...page, id: crypto.randomUUID(), reader: 'nobody' })).rejects.toThrow()
  expect(await pages.get({ id: page.id })).toEqual(page)
  expect(await adapter.table('note_book_torn_pages', late).insert({ name: page.id })).toBe(true)
}

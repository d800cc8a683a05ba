import { type Compilable, Kysely, sql, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kyselyAdapter, sqliteDialect } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { withName } from '../src/statement-name.ts'
import { runChild, startHolder } from './support/child.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { addPosts, sessionOf } from './support/rows.ts'
import { createSqlite } from './support/sqlite.ts'

describe('the SQLite dialect', () => {
  let database: TestDatabase
  let db: Db
  beforeAll(async () => {
    database = await createSqlite()
    db = database.connect()
    await migrateToLatest(db)
    await addPosts(db)
  })
  afterAll(() => database.drop())

  const ask = async (statement: ReturnType<typeof sql>) => (await statement.execute(db)).rows

  test('sets the connection up for a server', async () => {
    expect(await ask(sql`pragma journal_mode`)).toEqual([{ journal_mode: 'wal' }])
    expect(await ask(sql`pragma busy_timeout`)).toEqual([{ timeout: 0 }])
    expect(await ask(sql`pragma foreign_keys`)).toEqual([{ foreign_keys: 1 }])
  })

  test('M21 while another process holds the lock, timers and reads go on, and the write follows', async () => {
    const holder = await startHolder(database.address[1])
    const adapter = kyselyAdapter(db, { writeTimeout: '30s' })
    let isWritten = false
    const writing = adapter.createUser({ id: 'waiting' }).then(() => (isWritten = true))
    for (let tick = 0; tick < 10; tick++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await adapter.getUser('nobody')).toBeNull()
    // Had the thread been blocked, the write would have come first.
    expect(isWritten).toBe(false)
    await holder.release()
    await writing
    expect(await adapter.getUser('waiting')).toMatchObject({ id: 'waiting' })
  })

  test('M21 other code that has the same database finds no transaction open, whenever it runs', async () => {
    const shared = new Database(':memory:')
    const own: Db = new Kysely({ dialect: sqliteDialect(shared) })
    await migrateToLatest(own)
    const adapter = kyselyAdapter(own)
    const writes = Promise.all(Array.from({ length: 20 }, (_, index) => adapter.createUser({ id: `user-${index}` })))
    // As many turns as the writes take, and more.
    for (let turn = 0; turn < 2_000; turn++) {
      shared.exec('begin')
      shared.exec('commit')
      await Promise.resolve()
    }
    expect(await writes).toHaveLength(20)
    await own.destroy()
  })

  describe('one row is read as it is now', () => {
    const open = async () => {
      const shared = new Database(':memory:')
      shared.exec("create table things (a text, b integer, c blob); insert into things values ('a', 1, x'00ff')")
      const own = new Kysely<{ things: Record<string, unknown> }>({ dialect: sqliteDialect(shared) })
      const run = async <TRow>(query: Compilable<TRow>) =>
        (await own.executeQuery<TRow>(withName(query.compile()))).rows
      const read = () => run(own.selectFrom('things').selectAll().limit(1))
      return { shared, own, run, read, isFound: await read() }
    }

    test('with values of each type, by name', async () => {
      const { own, run, read, isFound } = await open()
      expect(isFound).toEqual([{ a: 'a', b: 1, c: new Uint8Array([0, 255]).buffer }])
      expect(await read()).toEqual(isFound)
      expect(await own.selectFrom('things').selectAll().execute()).toEqual(isFound)
      const twice = own
        .selectFrom('things as x')
        .innerJoin('things as y', 'x.b', 'y.b')
        .selectAll('x')
        .select('y.b as a')
      expect(await run(twice.limit(1))).toEqual([{ ...isFound[0], a: 1 }])
    })

    test.each([
      ['a column more', 'alter table things add column d text', { d: null }],
      [
        'one exchanged for another',
        'alter table things drop column a; alter table things add column d text',
        { d: null },
      ],
      ['one renamed', 'alter table things rename column a to d', { d: 'a' }],
    ])('after the schema has changed: %s', async (_, change, expected) => {
      const { shared, own, read } = await open()
      shared.exec(change)
      for (const _again of [1, 2]) {
        const rows = await read()
        expect(rows).toMatchObject([{ ...expected, b: 1 }])
        expect(rows).toEqual(await own.selectFrom('things').selectAll().execute())
      }
    })

    test('none, or another one, once the first has gone', async () => {
      const { shared, read, isFound } = await open()
      shared.exec("insert into things values ('z', 2, null)")
      expect(await read()).toEqual(isFound)
      shared.exec("delete from things where a = 'a'")
      expect(await read()).toEqual([{ a: 'z', b: 2, c: null }])
      shared.exec('delete from things')
      expect(await read()).toEqual([])
    })

    test('and two if two are asked for', async () => {
      const { shared, own, run } = await open()
      shared.exec("insert into things values ('z', 2, null)")
      const all = own.selectFrom('things').selectAll()
      expect(await run(all.limit(2))).toHaveLength(2)
      expect(await run(all.limit(1).offset(1))).toMatchObject([{ a: 'z' }])
      expect(await run(all.limit(0))).toEqual([])
    })

    test('with a driver that reads no lists: each statement is prepared once', async () => {
      const shared = new Database(':memory:')
      const prepared: string[] = []
      const own: Db = new Kysely({
        dialect: sqliteDialect({
          prepare: (text) => {
            prepared.push(text)
            const statement = shared.prepare(text)
            const { reader } = statement
            return {
              reader,
              all: (...values) => statement.all(...values),
              run: (...values) => statement.run(...values),
              iterate: (...values) => statement.iterate(...values),
            }
          },
          exec: (text) => shared.exec(text),
          close: () => shared.close(),
        }),
      })
      await migrateToLatest(own)
      const adapter = kyselyAdapter(own)
      await adapter.getSessionAndUser('first')
      const before = prepared.length
      for (const token of ['second', 'third']) expect(await adapter.getSessionAndUser(token)).toBeNull()
      expect(prepared.length).toBe(before)
      await own.destroy()
    })

    test('and holds no writer up afterwards', async () => {
      const other = new Database(database.address[1])
      await db.executeQuery(withName(db.selectFrom('posts').selectAll().limit(1).compile()))
      other.exec("insert into posts (id, title) values (70, 'by another'); delete from posts where id = 70")
      expect(other.prepare('pragma wal_checkpoint(truncate)').all([])).toMatchObject([{ busy: 0 }])
      other.close()
    })
  })

  test('M21 a transaction that waits keeps its connection, and nothing else gets into it', async () => {
    const holder = await startHolder(database.address[1])
    const transaction = db.transaction().execute(async (trx) => {
      await trx.selectFrom('posts').selectAll().execute()
      await trx.insertInto('posts').values({ id: 50, title: 'kept by a transaction' }).execute()
      throw new Error('changed my mind')
    })
    const outside = db.insertInto('posts').values({ id: 51, title: 'kept' }).execute()
    const refused = expect(transaction).rejects.toThrow('changed my mind')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await holder.release()
    await refused
    await outside
    const rows = await db.selectFrom('posts').select('id').where('id', '>=', 50).execute()
    expect(rows).toEqual([{ id: 51 }])
    await db.deleteFrom('posts').where('id', '=', 51).execute()
  })

  test('M21 one that waits in vain fails as SQLite says, and so do the migrations of one that can’t begin', async () => {
    const holder = await startHolder(database.address[1])
    await expect(db.insertInto('posts').values({ id: 60, title: 'late' }).execute()).rejects.toThrow(/locked/)
    await holder.release()
    expect(await migrateToLatest(db)).toEqual([])
  })

  test('M21 migrations wait for another process without blocking this one', async () => {
    const holder = await startHolder(database.address[1])
    let isMigrated = false
    const migrating = migrateToLatest(db).then((names) => ((isMigrated = true), names))
    for (let tick = 0; tick < 10; tick++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isMigrated).toBe(false)
    await holder.release()
    expect(await migrating).toEqual([])
  })

  test('savepoints of an app work', async () => {
    const trx = await db.startTransaction().execute()
    await trx.insertInto('posts').values({ id: 70, title: 'kept' }).execute()
    const later = await trx.savepoint('a "b"').execute()
    await later.insertInto('posts').values({ id: 71, title: 'gone' }).execute()
    const again = await later.rollbackToSavepoint('a "b"').execute()
    await again.releaseSavepoint('a "b"').execute()
    await trx.commit().execute()
    expect(await db.selectFrom('posts').select('id').where('id', '>=', 70).execute()).toEqual([{ id: 70 }])
    await db.deleteFrom('posts').where('id', '=', 70).execute()
  })

  test('three processes write to one file without an error', async () => {
    await kyselyAdapter(db).createUser({ id: 'ada' })
    const children = await Promise.all([1, 2, 3].map(() => runChild('write-sessions.mjs', database.address)))
    for (const child of children) expect(child).toMatchObject({ code: 0, stderr: '' })
    expect(await kyselyAdapter(db).listSessions({ userId: 'ada', now: new Date(0) })).toHaveLength(300)
  })

  test('a boolean is a number here, where the driver would abort the process', async () => {
    expect(await ask(sql`select ${true} as yes, ${false} as no`)).toEqual([{ yes: 1, no: 0 }])
  })

  test('a kept statement sees a table that has changed since', async () => {
    const read = () => db.selectFrom('posts').selectAll().execute()
    expect(await read()).toEqual([{ id: 1, title: 'kept' }])
    await sql`alter table posts add column state text default 'new'`.execute(db)
    expect(await read()).toEqual([{ id: 1, title: 'kept', state: 'new' }])
    await sql`alter table posts drop column state`.execute(db)
    expect(await read()).toEqual([{ id: 1, title: 'kept' }])
  })

  test('more different statements than are kept do not get mixed up', async () => {
    for (let round = 0; round < 2; round++) {
      for (let length = 1; length <= 250; length++) {
        const ids = Array.from({ length }, (_, index) => index)
        const { count } = await db
          .selectFrom('posts')
          .select(({ fn }) => fn.countAll().as('count'))
          .where('id', 'in', ids)
          .executeTakeFirstOrThrow()
        expect(count).toBe(length > 1 ? 1 : 0)
      }
    }
  })

  test('a stream that is left half read blocks nothing', async () => {
    await db
      .insertInto('posts')
      .values([
        { id: 2, title: 'a' },
        { id: 3, title: 'b' },
      ])
      .execute()
    const query = db.selectFrom('posts').selectAll()
    for await (const row of query.stream()) {
      expect(row).toMatchObject({ id: 1 })
      break
    }
    expect(await query.execute()).toHaveLength(3)
    await db.deleteFrom('posts').where('id', '>', 1).execute()
    expect(await query.execute()).toEqual([{ id: 1, title: 'kept' }])
  })

  test('a statement that fails is forgotten with its transaction', async () => {
    const insert = (trx: Db) => trx.insertInto('posts').values({ id: 9, title: 'gone' }).execute()
    await expect(
      db.transaction().execute(async (trx) => {
        await insert(trx)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await db.selectFrom('posts').selectAll().where('id', '=', 9).execute()).toEqual([])
  })

  test('S10 without foreign keys a deleted user’s rows go all the same', async () => {
    const raw = new Database(':memory:')
    raw.exec('pragma foreign_keys = off')
    const plain: Db = new Kysely({ dialect: new SqliteDialect({ database: raw }) })
    await migrateToLatest(plain)
    const adapter = kyselyAdapter(plain)
    await adapter.createUser({ id: 'ada' })
    await adapter.createSession(sessionOf('ada'))
    await adapter.linkAccount({ provider: 'p', providerAccountId: 'ada', type: 'oauth', userId: 'ada' })
    await adapter.deleteUser('ada')
    expect(await plain.selectFrom('sessions').selectAll().execute()).toEqual([])
    expect(await plain.selectFrom('accounts').selectAll().execute()).toEqual([])
    await plain.destroy()
  })

  test('the plain dialect works too', async () => {
    const plain: Db = new Kysely({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
    await migrateToLatest(plain)
    await sql`alter table users add column is_staff integer`.execute(plain)
    const user = { id: 'ada', name: 'Ada', email: 'ada@example.com', image: null, emailVerified: null }
    expect(await kyselyAdapter(plain).createUser({ ...user, is_staff: true })).toEqual({ ...user, is_staff: 1 })
    await plain.destroy()
  })

  test('a statement is prepared once, however often it runs', async () => {
    const raw = new Database(':memory:')
    const prepared: string[] = []
    const counted = { prepare: (text: string) => (prepared.push(text), raw.prepare(text)), close: () => raw.close() }
    const memory: Db = new Kysely({ dialect: sqliteDialect(counted) })
    await migrateToLatest(memory)
    prepared.length = 0
    for (let round = 0; round < 5; round++) expect(await kyselyAdapter(memory).getUser('nobody')).toBeNull()
    expect(prepared).toHaveLength(1)
    await memory.destroy()
  })

  test('an in-memory database is closed with its Kysely', async () => {
    const raw = new Database(':memory:')
    const memory: Db = new Kysely({ dialect: sqliteDialect(raw) })
    await migrateToLatest(memory)
    await memory.destroy()
    expect(raw.open).toBe(false)
  })
})

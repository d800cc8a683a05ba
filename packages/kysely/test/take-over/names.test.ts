import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fromAuthJsDatabase, type FromAuthJsOptions } from '../../src/from-auth-js/index.ts'
import { fromBetterAuthDatabase } from '../../src/from-better-auth/index.ts'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from '../services.ts'
import type { TestDatabase } from '../support/database.ts'
import { createMariadb } from '../support/mariadb.ts'
import { createPostgres } from '../support/postgres.ts'
import { createSqlite } from '../support/sqlite.ts'
import { makeOldTables } from './old-app.ts'

const postgres = await findPostgres()
const mariadb = await findMariadb()

describePrisma('SQLite', createSqlite)
describeWith(postgres, 'Prisma on PostgreSQL', () => describePrisma('PostgreSQL', () => createPostgres(postgres)))
describeWith(mariadb, 'Prisma on MariaDB', () => describePrisma('MariaDB', () => createMariadb(mariadb)))

/** An empty database with Prisma's tables and ours. */
async function openPrisma(create: () => Promise<TestDatabase>, more: Partial<FromAuthJsOptions> = {}) {
  const database = await create()
  onTestFinished(() => database.drop())
  await makeOldTables('prisma', database)
  const db = database.connect()
  const takeOver = fromAuthJsDatabase(db, { madeBy: 'prisma', stage: 'shared', writeTimeout: '30s', ...more })
  await migrateToLatest(db, { plugins: [takeOver] })
  const [dialect] = database.address
  const query = async (text: string) =>
    (await sql.raw<Record<string, unknown>>(dialect === 'mysql' ? text.replaceAll('"', '`') : text).execute(db)).rows
  return { db, dialect, takeOver, adapter: takeOver.adapter, query }
}

function describePrisma(name: string, create: () => Promise<TestDatabase>): void {
  describe(`M47 tables that Prisma made on ${name}`, () => {
    test('rows get the ids that its tables ask for, and instants as Prisma writes them', async () => {
      const { adapter, dialect, query } = await openPrisma(create)
      const emailVerified = new Date('2026-03-04T05:06:07.890Z')
      await adapter.createUser({ id: 'ann', name: 'Ann', email: 'ann@example.com', emailVerified })
      await adapter.linkAccount({ userId: 'ann', provider: 'github', providerAccountId: '1', type: 'oauth' })
      const expires = new Date(Date.now() + 86_400_000)
      const now = new Date()
      const rest = {
        userAgent: null,
        ip: null,
        claims: null,
        revision: 0,
        generation: 0,
        rotatedAt: null,
        revokedAt: null,
        amr: null,
      }
      const session = {
        id: randomUUID(),
        sessionToken: 'a hash',
        userId: 'ann',
        expires,
        createdAt: now,
        lastSeenAt: now,
        ...rest,
      }
      expect(await adapter.shareSession?.({ token: 'a-token', session })).toBe('a-token')
      const [account] = await query('select * from "Account"')
      const [row] = await query('select * from "Session"')
      expect([account?.id, row?.id]).toEqual([
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        expect.stringMatching(/^[0-9a-f-]{36}$/),
      ])
      expect(row).toMatchObject({ sessionToken: 'a-token', userId: 'ann' })
      if (dialect === 'sqlite') expect(row?.expires).toBe(expires.getTime())
      expect((await adapter.getUser('ann'))?.emailVerified).toEqual(emailVerified)
    })
  })
}

describe('M47 other names', () => {
  test('of tables and columns, and columns of the app’s own', async () => {
    const database = await createSqlite()
    onTestFinished(() => database.drop())
    const db = database.connect()
    for (const statement of [
      'create table users (uid text primary key, full_name text, mail text, verified_at integer, image text, role text)',
      'create table accounts (user_id text, type text, provider text, external_id text)',
      'create table sessions (token text primary key, user_id text, expires_at integer)',
      `insert into users values ('ann', 'Ann', 'ann@example.com', 1767268800000, null, 'admin')`,
      `insert into accounts values ('ann', 'oauth', 'github', '1')`,
    ])
      await sql.raw(statement).execute(db)
    const tables = { users: 'auth_users', accounts: 'auth_accounts', sessions: 'auth_sessions' }
    const takeOver = fromAuthJsDatabase(db, {
      madeBy: 'prisma',
      stage: 'shared',
      tables,
      theirTables: { users: 'users', accounts: 'accounts', sessions: 'sessions' },
      theirColumns: {
        users: { id: 'uid', name: 'full_name', email: 'mail', emailVerified: 'verified_at' },
        accounts: { userId: 'user_id', providerAccountId: 'external_id' },
        sessions: { sessionToken: 'token', userId: 'user_id', expires: 'expires_at' },
      },
      userColumns: ['role'],
    })
    await migrateToLatest(db, { tables, plugins: [takeOver] })
    await sql.raw('alter table auth_users add column role text').execute(db)
    const ann = { id: 'ann', name: 'Ann', role: 'admin', emailVerified: new Date('2026-01-01T12:00:00Z') }
    expect(await takeOver.adapter.getUserByAccount({ provider: 'github', providerAccountId: '1' })).toMatchObject(ann)
    await sql.raw(`update users set role = 'member'`).execute(db)
    await takeOver.copy()
    expect(await kyselyAdapter(db, { tables }).getUser('ann')).toMatchObject({ ...ann, role: 'member' })
    await takeOver.adapter.updateUser({ id: 'ann', role: 'owner', name: 'A.' })
    expect((await sql.raw('select role, full_name from users').execute(db)).rows).toEqual([
      { role: 'owner', full_name: 'A.' },
    ])
  })

  test('an old table that has the name of one of ours is refused, and so are other mistakes', async () => {
    const database = await createSqlite()
    onTestFinished(() => database.drop())
    const db = database.connect()
    const open = (more: object) => () => fromAuthJsDatabase(db, { madeBy: 'kysely', stage: 'shared', ...more })
    expect(open({})).not.toThrow()
    expect(open({ theirTables: { users: 'users' } })).toThrow('"users" is a table of Latchkey')
    expect(open({ theirColumns: { users: { id: 'id"; drop table users' } } })).toThrow(TypeError)
    expect(open({ madeBy: 'toString' })).toThrow('madeBy')
    expect(open({ stage: 'both' })).toThrow('stage')
    expect(() => fromBetterAuthDatabase(db, { secret: '', stage: 'shared' })).toThrow('secret')
  })
})

describe('M47 what the old table allows and ours does not', () => {
  test('two users whose addresses differ by case: the later copy has none, and each keeps their account', async () => {
    const { adapter, takeOver, query } = await openPrisma(createSqlite)
    await query(`insert into "User" (id, email) values ('a', 'ann@example.com'), ('b', 'Ann@example.com')`)
    await query(
      `insert into "Account" (id, "userId", type, provider, "providerAccountId") values ('1', 'a', 'oauth', 'github', '1')`,
    )
    await query(
      `insert into "Account" (id, "userId", type, provider, "providerAccountId") values ('2', 'b', 'oauth', 'github', '2')`,
    )
    const { twins } = await takeOver.copy()
    expect(twins).toHaveLength(1)
    const owners = ['1', '2'].map(
      async (providerAccountId) => (await adapter.getUserByAccount({ provider: 'github', providerAccountId }))?.id,
    )
    expect(await Promise.all(owners)).toEqual(['a', 'b'])
    const [left] = ['a', 'b'].filter((id) => !twins.includes(id))
    expect((await adapter.getUserByEmail('ANN@example.com'))?.id).toBe(left)
    await query(`update "User" set email = 'other@example.com' where id = '${twins[0]}'`)
    expect(await takeOver.copy()).toMatchObject({ twins: [] })
    expect((await adapter.getUserByEmail('other@example.com'))?.id).toBe(twins[0])
  })

  test('an address that two of them swap', async () => {
    const { adapter, takeOver, query } = await openPrisma(createSqlite)
    await query(`insert into "User" (id, email) values ('a', 'a@example.com'), ('b', 'b@example.com')`)
    await takeOver.copy()
    await query(`update "User" set email = 'c@example.com' where id = 'a'`)
    await query(`update "User" set email = 'a@example.com' where id = 'b'`)
    expect(await adapter.getUser('b')).toMatchObject({ email: 'a@example.com' })
    expect(await adapter.getUser('a')).toMatchObject({ email: 'c@example.com' })
  })

  test('an empty table of users stops the copy, so that ours is not emptied by mistake', async () => {
    const { db, takeOver } = await openPrisma(createSqlite)
    await kyselyAdapter(db).createUser({ id: 'ann' })
    await expect(takeOver.copy()).rejects.toThrow('is empty')
    expect(await kyselyAdapter(db).getUser('ann')).not.toBeNull()
  })
})

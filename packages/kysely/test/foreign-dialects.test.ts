import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, integer, nullable, table, text, user } from '@latchkey/core'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { kyselyAdapter, mysqlDialect, postgresDialect } from '../src/index.ts'
import { migrateToLatest, migrations } from '../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { Db } from './support/database.ts'
import { openLikeD1, openLikeNeon, openWithoutCounts } from './support/foreign-dialects.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { minutes, NOW, sessionOf } from './support/rows.ts'

const ALL = Object.keys(migrations)

/** What a person's session goes through, from an empty database. */
async function expectToWork(db: Db): Promise<void> {
  expect(await migrateToLatest(db)).toEqual(ALL)
  expect(await migrateToLatest(db)).toEqual([])
  await expectTablesToWork(db)
  const adapter = kyselyAdapter(db)
  await adapter.createUser({ id: 'ada', email: 'ada@example.com' })
  expect(await adapter.getUserByEmail('ADA@example.com')).toMatchObject({ id: 'ada' })
  const session = sessionOf('ada')
  await adapter.createSession(session)
  const { sessionToken, id, userId } = session
  const rotation = { sessionToken, expires: minutes(90), now: minutes(1) }
  expect(await adapter.rotateSession({ ...rotation, from: 0, to: 1 })).toBe(true)
  expect(await adapter.rotateSession({ ...rotation, from: 0, to: 1 })).toBe(false)
  expect(await adapter.rotateSession({ ...rotation, from: 1, to: 1 })).toBe(true)
  expect(await adapter.slideSession({ sessionToken, expires: minutes(99), lastSeenAt: minutes(1) })).toBe(true)
  expect(await adapter.slideSession({ sessionToken, expires: minutes(99), lastSeenAt: minutes(1) })).toBe(false)
  expect(await adapter.writeSessionClaims({ sessionToken, revision: 0, claims: { org: 'acme' } })).toBe(true)
  expect(await adapter.writeSessionClaims({ sessionToken, revision: 0, claims: { org: 'evil' } })).toBe(false)
  expect(await adapter.getSessionAndUser(sessionToken)).toMatchObject({ session: { claims: { org: 'acme' } } })
  expect(await adapter.revokeSession({ id, userId, now: NOW })).toBe(true)
  expect(await adapter.revokeSession({ id, userId, now: NOW })).toBe(false)
  await adapter.createSession(sessionOf('ada'))
  expect(await adapter.revokeSessions({ userId, now: NOW })).toHaveLength(1)
  const token = { identifier: 'ada', token: 'hash', expires: minutes(1) }
  await adapter.createVerificationToken(token)
  expect(await adapter.useVerificationToken(token)).toEqual(token)
  expect(await adapter.useVerificationToken(token)).toBeNull()
  expect(await adapter.deleteExpired({ now: minutes(999) })).toBe(2)
  expect(await adapter.deleteExpired({ now: minutes(999) })).toBe(0)
}

const uses = table(
  { owner: user(), count: integer(), note: nullable(text(), { since: 2 }), until: nullable(instant(), { since: 2 }) },
  { unique: [['owner']], expires: 'until' },
)

async function expectTablesToWork(db: Db): Promise<void> {
  const plugins = [{ id: 'key', tables: { uses } }]
  expect(await migrateToLatest(db, { plugins })).toEqual(['key_001', 'key_002'])
  expect(await migrateToLatest(db, { plugins })).toEqual([])
  const adapter = kyselyAdapter(db)
  const rows = adapter.table('key_uses', uses)
  for (const id of ['bob', 'carl']) await adapter.createUser({ id })
  const row = { owner: 'bob', count: 1, note: null, until: NOW }
  expect([await rows.insert(row), await rows.insert(row)]).toEqual([true, false])
  expect([await rows.increment(row, 'count'), await rows.increment(row, 'count', 3)]).toEqual([2, 5])
  expect(await rows.increment({ ...row, owner: 'carl' }, 'count')).toBe(1)
  expect(await rows.update({ owner: 'bob', count: { below: 5 } }, { note: 'x' })).toBe(0)
  expect(await rows.update({ count: { above: 0 } }, { note: 'y' })).toBe(2)
  expect(await rows.take({ owner: 'bob' }, { note: 'x' })).toBeNull()
  expect(await rows.take({ owner: 'bob' })).toEqual({ ...row, count: 5, note: 'y' })
  expect(await rows.take({ owner: 'bob' })).toBeNull()
  expect(await adapter.deleteExpired({ now: NOW })).toBe(1)
  expect(await rows.remove({ owner: 'carl' })).toBe(0)
  for (const id of ['bob', 'carl']) await adapter.deleteUser(id)
}

test('M33 a SQLite that refuses transactions, as D1 does, is migrated and works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
  const db = openLikeD1(join(folder, 'app.db'))
  onTestFinished(async () => {
    await db.destroy()
    await rm(folder, { recursive: true })
  })
  await expectToWork(db)
})

const postgres = await findPostgres()

describeWith(postgres, 'PostgreSQL through dialects of others', () => {
  test('M33 one that says of itself what SQLite’s does and refuses transactions, as Neon’s', async () => {
    const database = await createPostgres(postgres)
    const db = openLikeNeon(database.address[1])
    onTestFinished(async () => {
      await db.destroy()
      await database.drop()
    })
    await expectToWork(db)
  })

  test('M33 one whose driver counts no rows, as kysely-pglite’s', async () => {
    const database = await createPostgres(postgres)
    const db = openWithoutCounts(postgresDialect(new Pool({ connectionString: database.address[1] })))
    onTestFinished(async () => {
      await db.destroy()
      await database.drop()
    })
    await expectToWork(db)
  })

  test('M33 without a lock, several instances that migrate at once make one schema', async () => {
    const database = await createPostgres(postgres)
    const instances = Array.from({ length: 4 }, () => openLikeNeon(database.address[1]))
    onTestFinished(async () => {
      for (const db of instances) await db.destroy()
      await database.drop()
    })
    await Promise.all(instances.map((db) => migrateToLatest(db)))
    expect(await migrateToLatest(database.connect())).toEqual([])
  })
})

const mariadb = await findMariadb()

describeWith(mariadb, 'MariaDB through dialects of others', () => {
  test('M33 a driver that counts no rows is refused by what it lacks', async () => {
    const database = await createMariadb(mariadb)
    const db = openWithoutCounts(mysqlDialect(createPool(database.address[1])))
    onTestFinished(async () => {
      await db.destroy()
      await database.drop()
    })
    await migrateToLatest(db)
    const adapter = kyselyAdapter(db)
    await adapter.createUser({ id: 'ada' })
    await expect(adapter.createSession(sessionOf('ada'))).rejects.toThrow(/numAffectedRows.*mysqlDialect/)
    await migrateToLatest(db, { plugins: [{ id: 'key', tables: { uses } }] })
    const row = { owner: 'ada', count: 1, note: null, until: null }
    await expect(adapter.table('key_uses', uses).insert(row)).rejects.toThrow(/numAffectedRows.*mysqlDialect/)
  })
})

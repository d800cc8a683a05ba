import { createClient } from '@libsql/client'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { drizzle } from 'drizzle-orm/libsql'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeWith } from '../../kysely/test/services.ts'
import { kyselyOf } from '../src/index.ts'
import { plugins } from './kit/plugins.ts'
import { createFolder } from './support/file.ts'
import { findKit, generate, push } from './support/kit.ts'
import { describeKitMade } from './support/kit-made.ts'
import { lookAtSqlite } from './support/look-sqlite.ts'

// drizzle-kit is a program of its own, which takes its time to start.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const kit = await findKit()

async function open() {
  const { file, remove } = await createFolder()
  const url = `file:${file}`
  const client = createClient({ url })
  const db = drizzle(client)
  const drop = async () => {
    client.close()
    await remove()
  }
  return { url, client, db, kysely: kyselyOf(db), drop }
}

async function openForTest() {
  const opened = await open()
  onTestFinished(opened.drop)
  return opened
}

async function lookAtMigrated() {
  const { client, kysely } = await openForTest()
  await migrateToLatest(kysely, { plugins })
  return lookAtSqlite(client)
}

/** drizzle-kit can't read an index on an expression, and so makes each again at every push, in any schema. */
const EVERY_TIME = [
  'DROP INDEX `users_email_key`;',
  'CREATE UNIQUE INDEX `users_email_key` ON `users` (lower("email"));',
]

function statementsOf(said: string): readonly string[] {
  return said.split('\n').filter((line) => /^[A-Z].*;$/.test(line))
}

describeWith(kit, 'drizzle-kit on SQLite', () => {
  test('push changes nothing in what the migrations made', async () => {
    const { url, client, kysely } = await openForTest()
    await migrateToLatest(kysely, { plugins })
    const before = await lookAtSqlite(client)
    expect(statementsOf(await push('sqlite', url))).toEqual(EVERY_TIME)
    expect(await lookAtSqlite(client)).toEqual(before)
    expect(before.length).toBeGreaterThan(100)
  })

  test('push makes what the migrations make, and these change nothing afterwards', async () => {
    const { url, client, kysely } = await openForTest()
    await push('sqlite', url)
    const pushed = await lookAtSqlite(client)
    expect(pushed).toEqual(await lookAtMigrated())
    expect(await migrateToLatest(kysely, { plugins })).toContain('password_001')
    expect(await migrateToLatest(kysely, { plugins })).toEqual([])
    expect(await lookAtSqlite(client)).toEqual(pushed)
  })

  test('generate writes a migration that makes the same, once', async () => {
    const { client } = await openForTest()
    const { statements, again } = await generate('sqlite')
    for (const statement of statements) await client.execute(statement)
    expect(await lookAtSqlite(client)).toEqual(await lookAtMigrated())
    expect(again).toContain('No schema changes')
  })

  describe('its tables', () => {
    describeKitMade('tables of drizzle-kit on SQLite', async () => {
      const opened = await open()
      await push('sqlite', opened.url)
      return opened
    })
  })
})

import { createAuth, credentials } from '@latchkey/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { createSqlite } from './support/sqlite.ts'

/** More than two batches. */
const EXPIRED = 250
const ORIGIN = 'http://app.test'

/** An instance with a connection of its own, and how often it deleted. */
function openInstance(db: Db) {
  const adapter = kyselyAdapter(db)
  const batches: number[] = []
  const deleteExpired: typeof adapter.deleteExpired = async (params) => {
    const deleted = await adapter.deleteExpired(params)
    batches.push(deleted)
    return deleted
  }
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter: { ...adapter, deleteExpired },
    cleanup: { batch: 100 },
    providers: [
      credentials({ input: z.object({ id: z.string() }), identify: null, authorize: ({ id }) => ({ id, name: id }) }),
    ],
    logger: { error: (message, cause) => expect.unreachable(`${message}: ${String(cause)}`), warn: () => {} },
  })
  const signIn = (id: string) =>
    auth.handler(
      new Request(`${ORIGIN}/auth/signin/credentials`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN },
        body: JSON.stringify({ id }),
      }),
    )
  return { batches, signIn }
}

/** Four instances sign in at once: the old rows go, in batches, by one of them, and the new ones stay. */
async function cleanUp(database: TestDatabase): Promise<void> {
  onTestFinished(() => database.drop())
  const db = database.connect()
  await migrateToLatest(db)
  const adapter = kyselyAdapter(db)
  for (let i = 0; i < EXPIRED; i++) {
    await adapter.createVerificationToken({ identifier: 'old', token: String(i), expires: new Date(0) })
  }
  const instances = Array.from({ length: 4 }, () => openInstance(database.connect()))
  const answers = await Promise.all(instances.map(({ signIn }, i) => signIn(`user-${i}`)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  await vi.waitFor(() => expect(instances.flatMap(({ batches }) => batches)).toEqual([100, 100, 50]), 10_000)
  expect(instances.filter(({ batches }) => batches.length > 0)).toHaveLength(1)
  const sessions = await db.selectFrom('sessions').selectAll().execute()
  expect(sessions).toHaveLength(4)
}

test('M22 what has expired is deleted by one instance of many, on SQLite', async () => {
  await cleanUp(await createSqlite())
})

const postgres = await findPostgres()
describeWith(postgres, 'PostgreSQL', () => {
  test('M22 what has expired is deleted by one instance of many', async () => {
    await cleanUp(await createPostgres(postgres))
  })
})

const mariadb = await findMariadb()
describeWith(mariadb, 'MariaDB', () => {
  test('M22 what has expired is deleted by one instance of many', async () => {
    await cleanUp(await createMariadb(mariadb))
  })
})

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { TestDatabase } from './support/database.ts'
import { createMariadb } from './support/mariadb.ts'
import { buildOldRelease, type OldRelease } from './support/old-release.ts'
import { createPostgres } from './support/postgres.ts'
import { type Instance, startRelease } from './support/release.ts'
import { createSqlite } from './support/sqlite.ts'

const ROUNDS = 2
/** Six processes of a busy machine. Milliseconds. */
const LONG = { timeout: 180_000 }
const STRATEGIES = ['database', 'jwt'] as const
let old: OldRelease | null = null

beforeAll(async () => {
  old = await buildOldRelease()
  if (!old)
    console.warn(
      'SKIPPED: the previous release beside this one: the history of this copy of the repository is too short',
    )
})
afterAll(() => old?.remove())

/** A person's session from its beginning to its end: begun at one instance, gone on with at the other. */
async function journey(first: Instance, second: Instance, id: string): Promise<void> {
  const begun = await first.ask({ path: '/signin/anyone', body: { id } })
  expect(begun).toMatchObject({ status: 200, cookie: expect.any(String) })
  const { cookie } = begun
  expect(await second.read({ cookie })).toMatchObject({ user: { id } })
  const updated = await second.ask({ path: '/session', body: { org: 'acme' }, cookie })
  expect(updated).toMatchObject({ status: 200 })
  const current = updated.cookie ?? cookie
  expect(await first.read({ cookie: current })).toMatchObject({ claims: { org: 'acme' }, user: { id } })
  expect(await first.ask({ path: '/signout', cookie: current })).toMatchObject({ status: 200 })
  expect(await second.read({ cookie: current })).toBeNull()
  expect(await second.read({ cookie })).toBeNull()
}

/** The same with bearer tokens: refreshed at either, in turns. */
async function refreshes(first: Instance, second: Instance, id: string): Promise<void> {
  const begun = await first.ask({ path: '/signin/anyone', body: { id, flow: 'token' } })
  let { accessToken: token, refreshToken } = begun.body
  for (const instance of [second, first, second]) {
    expect(await instance.read({ token })).toMatchObject({ user: { id } })
    const { status, body } = await instance.ask({ path: '/token', body: { refreshToken } })
    expect(status).toBe(200)
    expect(body.refreshToken).not.toBe(refreshToken)
    ;({ accessToken: token, refreshToken } = body)
  }
  expect(await first.ask({ path: '/signout', body: { refreshToken } })).toMatchObject({ status: 200 })
  expect(await second.ask({ path: '/token', body: { refreshToken } })).toMatchObject({ status: 401 })
  await expect(second.read({ token })).resolves.toBeNull()
}

/** Both at once, all of it in both directions. */
async function useBoth(one: Instance, other: Instance, prefix: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all([
      journey(one, other, `${prefix}-${round}-a`),
      journey(other, one, `${prefix}-${round}-b`),
      refreshes(one, other, `${prefix}-${round}-c`),
      refreshes(other, one, `${prefix}-${round}-d`),
    ])
    // The second time it is a sign-in, not a sign-up.
    await journey(one, other, `${prefix}-${round}-b`)
  }
}

function describeReleases(create: () => Promise<TestDatabase>): void {
  describe.each(STRATEGIES)('with sessions of the %s strategy', (strategy) => {
    async function open() {
      const database = await create()
      onTestFinished(() => database.drop())
      if (!old) return null
      return { before: await startRelease(database, strategy, old), now: await startRelease(database, strategy) }
    }

    test('D04 the previous release works on while this one migrates, and beside it', LONG, async ({ skip }) => {
      const instances = (await open()) ?? skip()
      const { before, now } = instances
      expect(await before.migrate()).not.toEqual([])
      await useBoth(before, before, 'early')
      await Promise.all([useBoth(before, before, 'meanwhile'), now.migrate()])
      await useBoth(before, now, 'both')
      expect(await now.migrate()).toEqual([])
      // A previous instance that starts again (a roll-back) finds nothing to do.
      expect(await before.migrate()).toEqual([])
      await useBoth(before, now, 'back')
    })

    test('D04 this release works on the previous one’s tables before it has migrated', LONG, async ({ skip }) => {
      const { before, now } = (await open()) ?? skip()
      await before.migrate()
      await useBoth(before, now, 'old')
    })

    test('D04 both releases migrate an empty database at once', LONG, async ({ skip }) => {
      const { before, now } = (await open()) ?? skip()
      await Promise.all([before.migrate(), now.migrate()])
      await useBoth(before, now, 'empty')
    })
  })
}

const postgres = await findPostgres()
const mariadb = await findMariadb()

describeWith(postgres, 'the previous release beside this one, on PostgreSQL', () => {
  describeReleases(() => createPostgres(postgres))
})
describeWith(mariadb, 'the previous release beside this one, on MariaDB', () => {
  describeReleases(() => createMariadb(mariadb))
})
describe('the previous release beside this one, on SQLite', () => {
  describeReleases(createSqlite)
})

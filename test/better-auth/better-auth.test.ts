import { randomUUID } from 'node:crypto'
import { createAuth } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { fromBetterAuthDatabase, type TakeOverStage } from '@latchkey/kysely/from-better-auth'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { argon2id, password } from '@latchkey/password'
import { betterAuth } from '@latchkey/password/legacy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBrowser } from '../../packages/core/test/support/browser.ts'
import { describeWith, findMariadb, findPostgres } from '../../packages/kysely/test/services.ts'
import type { TestDatabase } from '../../packages/kysely/test/support/database.ts'
import { createMariadb } from '../../packages/kysely/test/support/mariadb.ts'
import { createPostgres } from '../../packages/kysely/test/support/postgres.ts'
import { createSqlite } from '../../packages/kysely/test/support/sqlite.ts'
import { RegistryUnreachable } from '../consumer/support/install.ts'
import { type BetterAuthPackage, COOKIE, installBetterAuth, type OldApp, ORIGIN, SECRET } from './old-app.ts'

const OUR_SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
const FIRST = 'the first long password'
const SECOND = 'the second long password'

let installed: BetterAuthPackage | null = null
beforeAll(async () => {
  try {
    installed = await installBetterAuth()
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    console.warn(`SKIPPED: taking over from better-auth: npm's registry can't be reached\n${error.message}`)
  }
})
afterAll(() => installed?.remove())

const postgres = await findPostgres()
const mariadb = await findMariadb()

describeTakeOver('SQLite', createSqlite)
describeWith(postgres, 'better-auth on PostgreSQL', () =>
  describeTakeOver('PostgreSQL', () => createPostgres(postgres)),
)
describeWith(mariadb, 'better-auth on MariaDB', () => describeTakeOver('MariaDB', () => createMariadb(mariadb)))

function describeTakeOver(name: string, create: () => Promise<TestDatabase>): void {
  describe(`M49 the tables of better-auth on ${name} are taken over`, () => {
    let database: TestDatabase
    let old: OldApp
    beforeAll(async () => {
      if (!installed) return
      database = await create()
      old = await installed.open(database)
      const { takeOver, plugins } = open('shared')
      await migrateToLatest(database.connect(), { plugins: [...plugins, takeOver] })
    })
    afterAll(async () => {
      await old?.close()
      await database?.drop()
    })

    /** An instance of the new app. */
    function open(stage: TakeOverStage, hasher = stage === 'shared' ? betterAuth() : argon2id()) {
      const db = database.connect()
      const takeOver = fromBetterAuthDatabase(db, { secret: SECRET, stage, writeTimeout: '30s' })
      const { adapter } = takeOver
      const plugins = [password({ hasher, legacy: [betterAuth()] })]
      const auth = createAuth({
        secret: OUR_SECRET,
        baseUrl: ORIGIN,
        adapter,
        plugins,
        session: { strategy: 'database' },
        cookies: { session: { name: COOKIE } },
        adapterTimeout: '20s',
        logger: { error: () => {}, warn: () => {} },
      })
      const visit = (cookie?: string) => {
        const browser = createBrowser(auth)
        if (cookie !== undefined) browser.cookies.set(COOKIE, cookie)
        return browser
      }
      const signIn = async (email: string, secret: string) => {
        const browser = visit()
        const { status } = await browser.post('/auth/signin/password', { email, password: secret })
        return { status, browser, cookie: browser.cookies.get(COOKIE) ?? '' }
      }
      return { db, takeOver, adapter, plugins, visit, signIn }
    }

    const newAddress = () => `ann-${randomUUID()}@example.com`
    const it = (title: string, run: () => Promise<void>) =>
      test(title, async ({ skip }) => {
        skip(!installed, 'the registry is out of reach')
        await run()
      })

    it('a signed-in browser stays signed in, and a cookie that was not signed does not count', async () => {
      const email = newAddress()
      const { id, cookie } = await old.signUp(email, FIRST)
      const { visit } = open('shared')
      expect((await visit(cookie).session())?.user).toMatchObject({ id, name: 'Ann', email })
      const token = decodeURIComponent(cookie).split('.')[0] ?? ''
      const [, signature = ''] = decodeURIComponent((await old.signUp(newAddress(), FIRST)).cookie).split('.')
      for (const forged of [
        token,
        `${token}.`,
        encodeURIComponent(`${token}.${signature}`),
        encodeURIComponent(`${token}x.${signature}`),
      ])
        expect(await visit(forged).session()).toBeNull()
      expect((await visit(cookie).session())?.user.id).toBe(id)
    })

    it('the password signs in, and another does not', async () => {
      const email = newAddress()
      const { id } = await old.signUp(email, FIRST)
      const { signIn } = open('shared')
      expect((await signIn(email, SECOND)).status).toBe(401)
      const { status, browser, cookie } = await signIn(email, FIRST)
      expect(status).toBe(200)
      expect((await browser.session())?.user.id).toBe(id)
      expect(await old.session(cookie)).toMatchObject({ id })
    })

    it('signing out on either side ends both', async () => {
      const email = newAddress()
      await old.signUp(email, FIRST)
      const { signIn, visit } = open('shared')
      const here = await signIn(email, FIRST)
      expect((await here.browser.signOut()).status).toBe(200)
      expect(await old.session(here.cookie)).toBeNull()
      const there = await signIn(email, FIRST)
      expect(await old.signOut(there.cookie)).toBe(200)
      expect(await there.browser.session()).toBeNull()
      const seen = (await old.signIn(email, FIRST)) ?? ''
      expect(await visit(seen).session()).not.toBeNull()
      await old.signOut(seen)
      expect(await visit(seen).session()).toBeNull()
    })

    it('a password that is changed on either side is changed on both', async () => {
      const email = newAddress()
      const { cookie } = await old.signUp(email, FIRST)
      const { signIn, visit } = open('shared')
      expect((await signIn(email, FIRST)).status).toBe(200)
      expect(await old.changePassword(cookie, FIRST, SECOND)).toBe(200)
      expect((await signIn(email, FIRST)).status).toBe(401)
      const { status, cookie: here } = await signIn(email, SECOND)
      expect(status).toBe(200)
      const changed = await visit(here).post('/auth/password/change', { current: SECOND, next: FIRST })
      expect([changed.status, await changed.clone().text()]).toEqual([200, expect.any(String)])
      expect(await old.signIn(email, SECOND)).toBeNull()
      expect(await old.signIn(email, FIRST)).not.toBeNull()
    })

    it('who signs up here can sign in at the old app', async () => {
      const email = newAddress()
      const { visit } = open('shared')
      const browser = visit()
      expect((await browser.post('/auth/password/sign-up', { email, password: FIRST, name: 'Bea' })).status).toBe(200)
      const cookie = await old.signIn(email, FIRST)
      expect(await old.session(cookie ?? '')).toMatchObject({ name: 'Bea' })
    })

    it('a hash that the old app can not check is not written while it serves', async () => {
      const email = newAddress()
      const { cookie } = await old.signUp(email, FIRST)
      const { signIn, visit } = open('shared', argon2id())
      expect((await signIn(email, FIRST)).status).toBe(200)
      const refused = await visit(cookie).post('/auth/password/change', { current: FIRST, next: SECOND })
      expect(refused.status).toBe(503)
      expect(await old.signIn(email, FIRST)).not.toBeNull()
    })

    it('an account at a provider finds its owner', async () => {
      const { id } = await old.signUp(newAddress(), FIRST)
      const context = await old.auth.$context
      const github = { providerId: 'github', accountId: randomUUID() }
      await context.internalAdapter.linkAccount({ userId: id, ...github, accessToken: 'secret' })
      const { adapter } = open('shared')
      const key = { provider: 'github', providerAccountId: github.accountId }
      expect(await adapter.getUserByAccount(key)).toMatchObject({ id })
      expect(await adapter.listAccounts(id)).toMatchObject([key])
      const google = { userId: id, provider: 'google', providerAccountId: randomUUID(), type: 'oidc' }
      await adapter.linkAccount(google)
      expect(await context.internalAdapter.findAccounts(id)).toContainEqual(
        expect.objectContaining({ providerId: 'google', accountId: google.providerAccountId }),
      )
      expect(await adapter.getUserByAccount({ provider: 'credential', providerAccountId: id })).toBeNull()
    })

    it('after the move and the end everybody is signed in, every password works, and only hashes are left', async () => {
      const [email, other] = [newAddress(), newAddress()]
      const { id, cookie } = await old.signUp(email, FIRST)
      const unseen = await old.signUp(other, FIRST)
      const context = await old.auth.$context
      await context.internalAdapter.updateUser(id, { name: 'Ann B.' })
      await open('shared').takeOver.copy()
      const moved = open('moved')
      expect((await moved.visit(cookie).session())?.user).toMatchObject({ id, name: 'Ann B.' })
      const { status, cookie: fresh } = await moved.signIn(email, FIRST)
      expect(status).toBe(200)
      expect(await old.session(fresh)).toMatchObject({ id })
      await moved.takeOver.finish()
      // oxlint-disable-next-line typescript/no-explicit-any -- the old app's table, in no schema of ours
      expect(await (moved.db as any).selectFrom('session').selectAll().execute()).toEqual([])
      const finished = open('finished')
      for (const kept of [cookie, fresh]) expect((await finished.visit(kept).session())?.user.id).toBe(id)
      expect((await finished.visit(unseen.cookie).session())?.user.id).toBe(unseen.id)
      expect((await finished.signIn(other, FIRST)).status).toBe(200)
      const hashes = await moved.db
        // oxlint-disable-next-line typescript/no-explicit-any -- a plug-in's table
        .selectFrom('password_hashes' as any)
        .selectAll()
        .execute()
      expect(hashes).toContainEqual(expect.objectContaining({ user: id, hash: expect.stringMatching(/^\$argon2id\$/) }))
      expect(await kyselyAdapter(moved.db).getUser(unseen.id)).toMatchObject({ email: other })
    })
  })
}

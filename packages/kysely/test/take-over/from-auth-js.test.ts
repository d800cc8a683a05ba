import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuth, ORIGIN, passwordProvider } from '../../../core/test/support/auth.ts'
import { createBrowser } from '../../../core/test/support/browser.ts'
import { RegistryUnreachable } from '../../../../test/consumer/support/install.ts'
import { fromAuthJsDatabase, type TakeOverStage } from '../../src/from-auth-js/index.ts'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from '../services.ts'
import type { TestDatabase } from '../support/database.ts'
import { createMariadb } from '../support/mariadb.ts'
import { createPostgres } from '../support/postgres.ts'
import { createSqlite } from '../support/sqlite.ts'
import { installOldAdapters, type OldAdapters, type OldApp } from './old-app.ts'

const COOKIE = 'authjs.session-token'
const DAY = 86_400_000

let installed: OldAdapters | null = null
beforeAll(async () => {
  try {
    installed = await installOldAdapters()
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    console.warn(`SKIPPED: taking over from Auth.js: npm's registry can't be reached\n${error.message}`)
  }
}, 300_000)
afterAll(() => installed?.remove())

const postgres = await findPostgres()
const mariadb = await findMariadb()

describeTakeOver('kysely', 'SQLite', createSqlite)
describeTakeOver('drizzle', 'SQLite', createSqlite)
describeWith(postgres, 'PostgreSQL', () => {
  describeTakeOver('kysely', 'PostgreSQL', () => createPostgres(postgres))
  describeTakeOver('drizzle', 'PostgreSQL', () => createPostgres(postgres))
})
describeWith(mariadb, 'MariaDB', () => {
  describeTakeOver('kysely', 'MariaDB', () => createMariadb(mariadb))
  describeTakeOver('drizzle', 'MariaDB', () => createMariadb(mariadb))
})

function describeTakeOver(madeBy: 'kysely' | 'drizzle', name: string, create: () => Promise<TestDatabase>): void {
  describe(`M47 the tables of @auth/${madeBy}-adapter on ${name} are taken over`, () => {
    let database: TestDatabase
    let old: OldApp
    beforeAll(async () => {
      if (!installed) return
      database = await create()
      old = await installed.open(madeBy, database)
      await migrateToLatest(database.connect(), { plugins: [open('shared').takeOver] })
    })
    afterAll(async () => {
      await old?.close()
      await database?.drop()
    })

    /** An instance of the new app. */
    function open(stage: TakeOverStage) {
      const db = database.connect()
      const takeOver = fromAuthJsDatabase(db, { madeBy, stage, writeTimeout: '30s' })
      const { adapter } = takeOver
      const auth = makeAuth({
        adapter,
        providers: [passwordProvider(async ({ email }) => adapter.getUserByEmail(email))],
        session: { strategy: 'database' },
        cookies: { session: { name: COOKIE } },
        adapterTimeout: '20s',
      })
      const visit = (token?: string) => {
        const browser = createBrowser(auth)
        if (token !== undefined) browser.cookies.set(COOKIE, token)
        return browser
      }
      /** What code on the server sees, which extends nothing. */
      const read = (token: string) =>
        auth.getSession(new Request(ORIGIN, { headers: { cookie: `${COOKIE}=${token}` } }))
      return { db, takeOver, adapter, visit, read }
    }

    /** Somebody who has signed in at the old app, as Auth.js writes it. */
    async function signInThere(expires = new Date(Date.now() + 30 * DAY)) {
      const user = await old.adapter.createUser({
        id: randomUUID(),
        name: 'Ann',
        email: `ann-${randomUUID()}@example.com`,
        emailVerified: new Date('2026-01-01T12:00:00Z'),
        image: null,
      })
      const account = { userId: user.id, type: 'oauth', provider: 'github', providerAccountId: randomUUID() } as const
      await old.adapter.linkAccount({ ...account, access_token: 'secret', expires_at: 1_900_000_000 })
      const token = randomUUID()
      await old.adapter.createSession({ sessionToken: token, userId: user.id, expires })
      return { user, account, token }
    }

    const it = (title: string, run: () => Promise<void>) =>
      test(title, async ({ skip }) => {
        skip(!installed, 'the registry is out of reach')
        await run()
      })

    it('a signed-in browser stays signed in, and of its token only the hash is ours', async () => {
      const { user, token } = await signInThere()
      const { visit, db } = open('shared')
      const browser = visit(token)
      const session = await browser.session()
      expect(session?.user).toMatchObject({ id: user.id, name: 'Ann', email: user.email })
      const hash = createHash('sha256').update(token).digest('base64url')
      const rows = await db.selectFrom('sessions').selectAll().where('user_id', '=', user.id).execute()
      expect(rows).toMatchObject([{ session_token: hash, revoked_at: null }])
      expect(await db.selectFrom('users').selectAll().where('id', '=', user.id).execute()).toMatchObject([
        { email: user.email, email_verified: expect.toSatisfy((ms) => Number(ms) === Date.UTC(2026, 0, 1, 12)) },
      ])
      expect(await visit(randomUUID()).session()).toBeNull()
    })

    it('the public id of a session is no cookie, nor is the hash of a token', async () => {
      const { user, token } = await signInThere()
      const { adapter, visit } = open('shared')
      expect(await visit(token).session()).not.toBeNull()
      const [row] = await adapter.listSessions({ userId: user.id, now: new Date() })
      const id = randomUUID()
      const sessionToken = createHash('sha256').update(`jwt:${id}`).digest('base64url')
      await adapter.createSession({ ...row!, id, sessionToken }) // it was listed: there is one
      expect(await adapter.getSessionAndUser(sessionToken)).not.toBeNull()
      for (const value of [`jwt:${id}`, `jwt%3A${id}`, id, row!.id, row!.sessionToken, sessionToken])
        expect(await visit(value).session()).toBeNull()
    })

    it('their expiry is read as the instant that it is', async () => {
      const expires = new Date(Math.ceil((Date.now() + 7 * DAY) / 1_000) * 1_000)
      const { token } = await signInThere(expires)
      expect((await open('shared').read(token))?.expires).toEqual(expires)
      const { token: late } = await signInThere(new Date(Date.now() - 2_000))
      expect(await open('shared').visit(late).session()).toBeNull()
    })

    it('twenty requests to two instances at once make one row', async () => {
      const { user, token } = await signInThere()
      const instances = [open('shared'), open('shared')]
      const sessions = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => instances[index % 2]?.visit(token).session()),
      )
      expect(sessions.map((session) => session?.user.id)).toEqual(Array.from({ length: 20 }, () => user.id))
      const rows = instances[0]?.db.selectFrom('sessions').select('id').where('user_id', '=', user.id).execute()
      expect(await rows).toHaveLength(1)
    })

    it('who signs in here is known to the old app, and signing out here ends it there', async () => {
      const { user } = await signInThere()
      const browser = open('shared').visit()
      expect((await browser.signIn(user.email)).status).toBe(200)
      const token = browser.cookies.get(COOKIE) ?? ''
      const found = await old.adapter.getSessionAndUser(token)
      expect(found?.user).toMatchObject({ id: user.id, email: user.email })
      expect(found?.session.expires.getTime()).toBeGreaterThan(Date.now() + 20 * DAY)
      expect((await browser.signOut()).status).toBe(200)
      expect(await old.adapter.getSessionAndUser(token)).toBeNull()
      expect(await open('shared').visit(token).session()).toBeNull()
    })

    it('a session that ended here does not come back from the old table', async () => {
      const { token } = await signInThere()
      const { visit } = open('shared')
      const browser = visit(token)
      await browser.session()
      await browser.signOut()
      expect(await old.adapter.getSessionAndUser(token)).toBeNull()
      expect(await visit(token).session()).toBeNull()
      expect(await open('moved').visit(token).session()).toBeNull()
    })

    it('who signs out at the old app is signed out here', async () => {
      const { token } = await signInThere()
      const { visit, db } = open('shared')
      expect(await visit(token).session()).not.toBeNull()
      await old.adapter.deleteSession(token)
      expect(await visit(token).session()).toBeNull()
      const hash = createHash('sha256').update(token).digest('base64url')
      const row = await db.selectFrom('sessions').selectAll().where('session_token', '=', hash).executeTakeFirst()
      expect(row?.revoked_at).not.toBeNull()
      expect(await open('moved').visit(token).session()).toBeNull()
    })

    it('ending all other sessions ends those of the old app that were never seen here', async () => {
      const { user, token } = await signInThere()
      const { adapter, visit } = open('shared')
      const browser = visit()
      await browser.signIn(user.email)
      expect(await adapter.listSessions({ userId: user.id, now: new Date() })).toHaveLength(2)
      const { token: other } = { token: randomUUID() }
      await old.adapter.createSession({ sessionToken: other, userId: user.id, expires: new Date(Date.now() + DAY) })
      const [mine] = (await adapter.listSessions({ userId: user.id, now: new Date() })).filter(
        ({ amr }) => amr !== null,
      )
      await adapter.revokeSessions({ userId: user.id, except: mine?.id, now: new Date() })
      for (const ended of [token, other]) {
        expect(await old.adapter.getSessionAndUser(ended)).toBeNull()
        expect(await visit(ended).session()).toBeNull()
      }
      expect((await browser.session())?.user.id).toBe(user.id)
      expect(await old.adapter.getSessionAndUser(browser.cookies.get(COOKIE) ?? '')).not.toBeNull()
    })

    it('a session that the old app extends lives on here, and the other way round', async () => {
      const { token } = await signInThere(new Date(Date.now() + DAY))
      const { adapter, read } = open('shared')
      await read(token)
      const later = new Date(Math.ceil((Date.now() + 20 * DAY) / 1_000) * 1_000)
      await old.adapter.updateSession({ sessionToken: token, expires: later })
      expect((await read(token))?.expires).toEqual(later)
      const hash = createHash('sha256').update(token).digest('base64url')
      const latest = new Date(later.getTime() + DAY)
      expect(await adapter.slideSession({ sessionToken: hash, expires: latest, lastSeenAt: new Date() })).toBe(true)
      expect((await old.adapter.getSessionAndUser(token))?.session.expires).toEqual(latest)
    })

    it('what either app writes of a user the other sees', async () => {
      const { user, token } = await signInThere()
      const { adapter, visit } = open('shared')
      await visit(token).session()
      await old.adapter.updateUser({ id: user.id, name: 'Ann B.' })
      expect((await visit(token).session())?.user).toMatchObject({ name: 'Ann B.' })
      expect(await adapter.getUser(user.id)).toMatchObject({ name: 'Ann B.' })
      expect(await adapter.updateUser({ id: user.id, image: 'https://a.example/1.png' })).toMatchObject({
        name: 'Ann B.',
      })
      expect(await old.adapter.getUser(user.id)).toMatchObject({ name: 'Ann B.', image: 'https://a.example/1.png' })
      const made = await adapter.createUser({ id: randomUUID(), name: 'Bea', email: `bea-${randomUUID()}@example.com` })
      expect(await old.adapter.getUserByEmail(made.email ?? '')).toMatchObject({ id: made.id, name: 'Bea' })
      await adapter.deleteUser(made.id)
      expect(await old.adapter.getUser(made.id)).toBeNull()
    })

    it('an account at a provider finds its owner, and links go both ways', async () => {
      const { user, account } = await signInThere()
      const { adapter } = open('shared')
      expect(await adapter.getUserByAccount(account)).toMatchObject({ id: user.id })
      expect(await adapter.listAccounts(user.id)).toEqual([account])
      const google = { userId: user.id, type: 'oidc', provider: 'google', providerAccountId: randomUUID() }
      await adapter.linkAccount(google)
      expect(await old.adapter.getUserByAccount(google)).toMatchObject({ id: user.id })
      await expect(adapter.linkAccount(google)).rejects.toThrow('linked already')
      await old.adapter.unlinkAccount(google)
      expect(await adapter.getUserByAccount(google)).toBeNull()
      await adapter.linkAccount(google)
      await adapter.unlinkAccount(google)
      expect(await old.adapter.getUserByAccount(google)).toBeNull()
    })

    it('whoever the old app deletes is gone here, and their address is free', async () => {
      const { user, token, account } = await signInThere()
      const { adapter, visit } = open('shared')
      await visit(token).session()
      await old.adapter.deleteUser(user.id)
      expect(await visit(token).session()).toBeNull()
      expect(await adapter.getUser(user.id)).toBeNull()
      expect(await adapter.getUserByAccount(account)).toBeNull()
      expect(await adapter.getUserByEmail(user.email)).toBeNull()
      const again = await old.adapter.createUser({ ...user, id: randomUUID() })
      expect(await adapter.getUserByEmail(user.email)).toMatchObject({ id: again.id })
    })

    it('two instances copy at once, and once more: everybody is there, and nothing that was written meanwhile is lost', async () => {
      const people = await Promise.all(Array.from({ length: 12 }, () => signInThere()))
      const [one, two] = [open('shared'), open('shared')]
      const gone = await signInThere()
      await one.visit(gone.token).session()
      await old.adapter.deleteUser(gone.user.id)
      const writes = people.map(({ user }) => old.adapter.updateUser({ id: user.id, name: 'Written meanwhile' }))
      await Promise.all([one.takeOver.copy({ batchSize: 5 }), two.takeOver.copy({ batchSize: 7 }), ...writes])
      expect(await one.takeOver.copy()).toMatchObject({ accounts: 0, deleted: 0, twins: [] })
      const ours = kyselyAdapter(one.db)
      for (const { user, account } of people) {
        expect(await ours.getUserByAccount(account)).toMatchObject({ id: user.id, name: 'Written meanwhile' })
      }
      expect(await ours.getUser(gone.user.id)).toBeNull()
    })

    it('at the end only hashes are left, whoever is signed in stays, and whoever had ended has', async () => {
      const [seen, unseen, left] = [await signInThere(), await signInThere(), await signInThere()]
      const shared = open('shared')
      for (const { token } of [seen, left]) await shared.visit(token).session()
      await expect(shared.takeOver.finish()).rejects.toThrow('deploy with stage')
      await old.adapter.deleteSession(left.token)
      const moved = open('moved')
      const result = await moved.takeOver.finish()
      expect(result.ended).toBeGreaterThanOrEqual(1)
      const sessions = madeBy === 'kysely' ? 'Session' : 'session'
      // oxlint-disable-next-line typescript/no-explicit-any -- a table of the old app, in no schema of ours
      expect(await (moved.db as any).selectFrom(sessions).selectAll().execute()).toEqual([])
      // oxlint-disable-next-line typescript/no-explicit-any -- a plug-in's table
      expect(await (moved.db as any).selectFrom('take_over_sessions').selectAll().execute()).toEqual([])
      const finished = open('finished')
      for (const { token, user } of [seen, unseen]) {
        expect((await finished.visit(token).session())?.user.id).toBe(user.id)
        expect((await moved.visit(token).session())?.user.id).toBe(user.id)
        expect((await shared.visit(token).session())?.user.id).toBe(user.id)
      }
      expect(await moved.visit(left.token).session()).toBeNull()
      expect(await finished.visit(left.token).session()).toBeNull()
      expect((await finished.visit().signIn(seen.user.email)).status).toBe(200)
      await expect(finished.takeOver.copy()).rejects.toThrow('no longer uses the old tables')
    })
  })
}

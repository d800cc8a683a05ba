import { createHash, randomUUID } from 'node:crypto'
import type { AdapterAccount, AdapterUser, CompleteAdapter, StoredSession } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from '../support/database.ts'

const DAY = 86_400_000
const inDays = (days: number) => new Date(Math.floor(Date.now() / 1_000) * 1_000 + days * DAY)
const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

/**
 * What Auth.js asks of its own adapters (`runBasicTests` in its repository), in the same order: one user, session and account through their
 * whole life. Where our contract is another one by design, the test's name says so.
 */
export function describeAuthJsSuite(name: string, create: () => Promise<TestDatabase>): void {
  describe(`M48 what Auth.js asks of an adapter, on ${name}`, () => {
    let database: TestDatabase
    let db: Db
    let adapter: CompleteAdapter
    beforeAll(async () => {
      database = await create()
      db = database.connect()
      await migrateToLatest(db)
      adapter = kyselyAdapter(db, { writeTimeout: '30s' })
    })
    afterAll(() => database.drop())

    const rows = {
      user: async (id: string) => (await db.selectFrom('users').selectAll().where('id', '=', id).execute())[0] ?? null,
      session: async (sessionToken: string) =>
        (await db.selectFrom('sessions').selectAll().where('session_token', '=', sessionToken).execute())[0] ?? null,
      account: async ({ provider, providerAccountId }: AdapterAccount) =>
        (
          await db
            .selectFrom('accounts')
            .selectAll()
            .where('provider', '=', provider)
            .where('provider_account_id', '=', providerAccountId)
            .execute()
        )[0] ?? null,
      token: async (identifier: string, token: string) =>
        (
          await db
            .selectFrom('verification_tokens')
            .selectAll()
            .where('identifier', '=', identifier)
            .where('token', '=', token)
            .execute()
        )[0] ?? null,
    }

    const user: AdapterUser = {
      id: randomUUID(),
      email: 'ann@example.com',
      image: 'https://example.com/ann.png',
      name: 'Ann',
      emailVerified: inDays(0),
    }
    const cookie = randomUUID()
    const session: StoredSession = {
      id: randomUUID(),
      sessionToken: hash(cookie),
      userId: user.id,
      expires: inDays(7),
      createdAt: inDays(0),
      lastSeenAt: inDays(0),
      userAgent: null,
      ip: null,
      claims: null,
      revision: 0,
      generation: 0,
      rotatedAt: null,
      revokedAt: null,
      amr: null,
    }
    const account: AdapterAccount = {
      userId: user.id,
      provider: 'github',
      providerAccountId: randomUUID(),
      type: 'oauth',
      access_token: randomUUID(),
      refresh_token: randomUUID(),
      id_token: randomUUID(),
      expires_at: 1_900_000_000,
      token_type: 'bearer',
      scope: 'user',
      session_state: randomUUID(),
    }
    const link = { userId: user.id, provider: 'github', providerAccountId: account.providerAccountId, type: 'oauth' }

    test('it has the methods, but for updateSession: slideSession and rotateSession take its place', () => {
      const asked = [
        'createUser',
        'getUser',
        'getUserByEmail',
        'getUserByAccount',
        'updateUser',
        'linkAccount',
        'createSession',
      ]
      const further = ['getSessionAndUser', 'deleteSession', 'createVerificationToken', 'useVerificationToken']
      const future = ['unlinkAccount', 'deleteUser']
      for (const method of [...asked, ...further, ...future, 'slideSession', 'rotateSession'])
        expect(adapter).toHaveProperty(method, expect.any(Function))
      expect(adapter).not.toHaveProperty('updateSession')
    })

    test('createUser, under the id that it is given and not one of its own', async () => {
      const { id } = await adapter.createUser(user)
      expect(id).toBe(user.id)
      const { emailVerified, ...columns } = user
      const stored = await rows.user(id)
      expect(stored).toMatchObject(columns)
      expect(Number(stored?.email_verified)).toBe(emailVerified?.getTime())
    })

    test('getUser', async () => {
      expect(await adapter.getUser(randomUUID())).toBeNull()
      expect(await adapter.getUser(user.id)).toMatchObject(user)
    })

    test('getUserByEmail, whatever the case of its letters', async () => {
      expect(await adapter.getUserByEmail('nobody@example.com')).toBeNull()
      expect(await adapter.getUserByEmail('ann@example.com')).toMatchObject(user)
      expect(await adapter.getUserByEmail('ANN@example.com')).toMatchObject(user)
    })

    test('createSession, by the hash: what the cookie holds is in no row', async () => {
      await adapter.createSession(session)
      expect(await rows.session(session.sessionToken)).toMatchObject({ id: session.id, user_id: user.id })
      expect(await rows.session(cookie)).toBeNull()
      expect(JSON.stringify(await db.selectFrom('sessions').selectAll().execute())).not.toContain(cookie)
    })

    test('getSessionAndUser', async () => {
      expect(await adapter.getSessionAndUser('invalid-token')).toBeNull()
      expect(await adapter.getSessionAndUser(cookie)).toBeNull()
      expect(await adapter.getSessionAndUser(session.sessionToken)).toMatchObject({ user, session })
    })

    test('updateUser', async () => {
      expect(await adapter.updateUser({ id: user.id, name: 'Ann B.' })).toMatchObject({ ...user, name: 'Ann B.' })
      expect(await rows.user(user.id)).toMatchObject({ name: 'Ann B.', email: user.email })
      expect(await adapter.updateUser({ id: user.id, name: 'Ann' })).toMatchObject(user)
    })

    test('slideSession, for updateSession: forward only, and not once the row has ended', async () => {
      const { sessionToken } = session
      const expires = inDays(30)
      const slide = (to: Date) => adapter.slideSession({ sessionToken, expires: to, lastSeenAt: new Date() })
      expect(await slide(expires)).toBe(true)
      expect(Number((await rows.session(sessionToken))?.expires)).toBe(expires.getTime())
      expect(await slide(inDays(1))).toBe(false)
      expect((await adapter.getSessionAndUser(sessionToken))?.session.expires).toEqual(expires)
    })

    test('linkAccount, without the tokens of the provider', async () => {
      await adapter.linkAccount(account)
      expect(await rows.account(account)).toEqual({
        user_id: user.id,
        provider: 'github',
        provider_account_id: account.providerAccountId,
        type: 'oauth',
      })
      expect(await adapter.listAccounts(user.id)).toEqual([link])
    })

    test('getUserByAccount', async () => {
      expect(await adapter.getUserByAccount({ provider: 'gitlab', providerAccountId: 'unknown' })).toBeNull()
      expect(await adapter.getUserByAccount({ ...link, provider: 'gitlab' })).toBeNull()
      expect(await adapter.getUserByAccount({ ...link, providerAccountId: 'unknown' })).toBeNull()
      expect(await adapter.getUserByAccount(account)).toMatchObject(user)
    })

    test('deleteSession deletes what has expired; what is ended before is a tombstone until then', async () => {
      const { sessionToken, id } = session
      await adapter.deleteSession(sessionToken)
      expect(await rows.session(sessionToken)).not.toBeNull()
      expect(await adapter.revokeSession({ id, userId: user.id, now: new Date() })).toBe(true)
      expect((await adapter.getSessionAndUser(sessionToken))?.session.revokedAt).not.toBeNull()
      await expect(adapter.createSession({ ...session, id: randomUUID() })).rejects.toThrow()
      await adapter.deleteSession(sessionToken, inDays(31))
      expect(await rows.session(sessionToken)).toBeNull()
    })

    test('createVerificationToken', async () => {
      const [identifier, token, expires] = ['info@example.com', hash('a token'), inDays(1)]
      await adapter.createVerificationToken({ identifier, token, expires })
      const stored = await rows.token(identifier, token)
      expect(stored).toMatchObject({ identifier, token })
      expect(Number(stored?.expires)).toBe(expires.getTime())
    })

    test('useVerificationToken: once, and by its identifier only', async () => {
      const [identifier, expires] = ['info@example.com', inDays(1)]
      const once = { identifier, token: hash(randomUUID()), expires }
      await adapter.createVerificationToken(once)
      expect(await adapter.useVerificationToken(once)).toEqual(once)
      expect(await adapter.useVerificationToken(once)).toBeNull()
      const other = { identifier, token: hash(randomUUID()), expires }
      await adapter.createVerificationToken(other)
      expect(await adapter.useVerificationToken({ ...other, identifier: 'else@example.com' })).toBeNull()
      expect(await adapter.useVerificationToken(other)).toEqual(other)
    })

    test('unlinkAccount', async () => {
      expect(await rows.account(account)).not.toBeNull()
      await adapter.unlinkAccount(account)
      expect(await rows.account(account)).toBeNull()
      expect(await adapter.getUserByAccount(account)).toBeNull()
    })

    test('deleteUser, with their sessions and accounts', async () => {
      await adapter.createSession(session)
      await adapter.linkAccount(account)
      await adapter.deleteUser(user.id)
      expect(await rows.user(user.id)).toBeNull()
      expect(await rows.session(session.sessionToken)).toBeNull()
      expect(await rows.account(account)).toBeNull()
    })
  })
}

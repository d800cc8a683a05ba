import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  AuthError,
  type CompleteAdapter,
  type CredentialSource,
  definePlugin,
  memoryAdapter,
  type RequestSource,
} from '../../src/index.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

const EXPIRES = new Date('2030-01-01T00:00:00Z')

/** A badge is the id of a user in the header `x-badge`. */
function badge(id = 'badge', header = 'x-badge', more: object = {}) {
  return definePlugin({
    id,
    needs: ['getUser'],
    errors: { [`${id}Lost`.replace(/^./, (letter) => letter.toUpperCase())]: { code: 'UNAUTHORIZED', message: 'The badge was lost.' } }, // prettier-ignore
    setup: ({ store, error }) => ({
      credential: {
        find: (read) => read(header),
        open: async (value) => {
          if (value === 'lost') throw error('BadgeLost')
          if (value === 'broken') throw new AuthError('AdapterError')
          const user = await store.getUser(value)
          return user && { user, id: `badge-${user.id}`, scopes: ['posts:read'], expires: EXPIRES, ...more }
        },
      },
    }),
  })
}

async function open(strategy: 'jwt' | 'database' = 'jwt', plugins = [badge()]) {
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann', name: 'Ann', email: 'ann@example.com', roles: ['admin'], org: 'acme' })
  const jwtCalls: string[] = []
  const auth = makeAuth({
    adapter,
    session: { strategy },
    roles: ['admin', 'member'],
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    tokens: { enabled: true },
    plugins,
    ...(strategy === 'jwt' && {
      callbacks: { jwt: ({ token }) => (jwtCalls.push('jwt'), { ...token, roles: ['member'] }) },
    }),
  })
  const ask = (headers: Readonly<Record<string, string>>, more: Partial<RequestSource> = {}) =>
    auth.createContext({
      method: 'POST',
      header: (name) => headers[name],
      response: { writability: () => 'writable', setCookie: () => {}, noStore: () => {} },
      ...more,
    })
  return { auth, ask, browser: createBrowser(auth), jwtCalls }
}

test('a credential may be an object of a class', async () => {
  class Badges implements CredentialSource {
    readonly #store: Pick<CompleteAdapter, 'getUser'>
    constructor(store: Pick<CompleteAdapter, 'getUser'>) {
      this.#store = store
    }
    find(header: (name: string) => string | null) {
      return header('x-badge')
    }
    async open(value: string) {
      const user = await this.#store.getUser(value)
      return user && { user, id: 'badge', scopes: [], expires: null }
    }
  }
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann' })
  const plugin = definePlugin({ id: 'badge', setup: () => ({ credential: new Badges(adapter) }) })
  const { createContext } = makeAuth({ adapter, session: { strategy: 'jwt' }, plugins: [plugin] })
  const response = { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} }
  const ctx = createContext({ method: 'POST', header: (name) => (name === 'x-badge' ? 'ann' : null), response })
  expect((await ctx.requireCaller()).user.id).toBe('ann')
})

describe.each(['jwt', 'database'] as const)('under the %s strategy, a credential of a plug-in', (strategy) => {
  test('says whose it is: roles and claims from the user’s row, scopes and expiry its own, never fresh', async () => {
    const { ask, jwtCalls } = await open(strategy)
    expect(await ask({ 'x-badge': 'ann' }).caller()).toEqual({
      user: { id: 'ann', name: 'Ann', email: 'ann@example.com', image: null },
      roles: ['admin'],
      claims: { org: 'acme' },
      sessionId: 'badge-ann',
      expires: EXPIRES,
      strategy,
      authTime: null,
      amr: [],
      via: 'badge',
      scopes: ['posts:read'],
    })
    expect(jwtCalls).toEqual([])
  })

  test('is no session: whatever needs one refuses it by name', async () => {
    const { ask, auth } = await open(strategy)
    const ctx = ask({ 'x-badge': 'ann' })
    expect(await ctx.session()).toBeNull()
    expect(await ctx.token()).toBeNull()
    expect(await ctx.clientSession()).toBeNull()
    expect(await auth.getSession(new Request(ORIGIN, { headers: { 'x-badge': 'ann' } }))).toBeNull()
    const refused = { kind: 'NotASession', code: 'FORBIDDEN' }
    await expect(ctx.requireSession()).rejects.toMatchObject(refused)
    await expect(ctx.signOut()).rejects.toMatchObject(refused)
    await expect(ctx.update({})).rejects.toMatchObject(refused)
    await expect(ctx.ticket()).rejects.toMatchObject(refused)
    await expect(ctx.watch({ ended: () => {} })).rejects.toMatchObject(refused)
    await expect(ctx.sessions.list()).rejects.toMatchObject(refused)
    await expect(ctx.sessions.revokeOthers()).rejects.toMatchObject(refused)
  })

  test('one that isn’t valid says why, and nobody is known', async () => {
    const { ask } = await open(strategy)
    for (const [value, kind] of [
      ['nobody', 'InvalidToken'],
      ['lost', 'BadgeLost'],
    ] as const) {
      // prettier-ignore
      const ctx = ask({ 'x-badge': value })
      expect(await ctx.caller()).toBeNull()
      await expect(ctx.requireCaller()).rejects.toMatchObject({ kind, code: 'UNAUTHORIZED' })
      await expect(ctx.requireSession()).rejects.toMatchObject({ kind })
      await expect(ctx.clientSession()).rejects.toMatchObject({ kind })
    }
  })

  test('a failing store stays a failure', async () => {
    const { ask } = await open(strategy)
    await expect(ask({ 'x-badge': 'broken' }).caller()).rejects.toMatchObject({ kind: 'AdapterError' })
  })
})

describe('T10 the first credential that is found decides alone', () => {
  test('before the cookie, also if it isn’t valid', async () => {
    const { ask, browser } = await open()
    await browser.signIn()
    const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
    expect((await ask({ cookie, origin: ORIGIN }).caller())?.via).toBe('cookie')
    expect((await ask({ cookie, 'x-badge': 'ann' }).caller())?.via).toBe('badge')
    expect(await ask({ cookie, 'x-badge': 'nobody' }).caller()).toBeNull()
    await expect(ask({ cookie, 'x-badge': 'ann' }).signOut()).rejects.toMatchObject({ kind: 'NotASession' })
  })

  test('after a bearer token of ours, and after a ticket', async () => {
    const { ask, browser } = await open()
    const signedIn = (await (await browser.signIn(undefined, undefined, { flow: 'token' })).json()) as {
      accessToken: string
    }
    const authorization = `Bearer ${signedIn.accessToken}`
    expect((await ask({ authorization, 'x-badge': 'ann' }).caller())?.via).toBe('bearer')
    const { ticket } = await ask({ authorization }).ticket()
    expect((await ask({ 'x-badge': 'ann' }, { ticket }).session())?.via).toBe('ticket')
  })

  test('in the order of the list', async () => {
    const headers = { 'x-badge': 'ann', 'x-card': 'ann' }
    const one = await open('jwt', [badge(), badge('card', 'x-card')])
    expect((await one.ask(headers).caller())?.via).toBe('badge')
    const other = await open('jwt', [badge('card', 'x-card'), badge()])
    expect((await other.ask(headers).caller())?.via).toBe('card')
  })
})

test('the origin of the request isn’t asked for: no browser adds such a header by itself', async () => {
  const { ask } = await open()
  expect(() => ask({ 'x-badge': 'ann', origin: 'https://evil.test' }).checkOrigin()).not.toThrow()
  expect(() => ask({ origin: 'https://evil.test' }).checkOrigin()).toThrow(
    expect.objectContaining({ kind: 'UntrustedOrigin' }),
  )
})

test('it can’t be taken from a cookie, which a browser does add', async () => {
  const { ask } = await open('jwt', [badge('badge', 'Cookie')])
  const ctx = ask({ cookie: 'ann', origin: 'https://evil.test' })
  expect(await ctx.caller()).toBeNull()
  expect(() => ctx.checkOrigin()).toThrow(expect.objectContaining({ kind: 'UntrustedOrigin' }))
})

test.each(['Basic YW5uOng=', 'basic YW5uOng=', 'Digest username="ann"', 'Negotiate YII=', 'NTLM TlRM'])(
  'nor from what else a browser adds by itself: authorization: %s',
  async (authorization) => {
    const { ask } = await open('jwt', [badge('badge', 'Authorization')])
    const ctx = ask({ authorization, origin: 'https://evil.test' })
    expect(await ctx.caller()).toBeNull()
    expect(() => ctx.checkOrigin()).toThrow(expect.objectContaining({ kind: 'UntrustedOrigin' }))
  },
)

test('what finds no text has found nothing: the origin is asked for', async () => {
  const none = definePlugin({
    id: 'none',
    setup: () => ({ credential: { find: () => undefined as unknown as null, open: async () => null } }),
  })
  const { ask } = await open('jwt', [none])
  expect(() => ask({ origin: 'https://evil.test' }).checkOrigin()).toThrow(
    expect.objectContaining({ kind: 'UntrustedOrigin' }),
  )
})

test.each([new Date('2020-01-01T00:00:00Z'), new Date(NaN)])(
  'one that has ended, at %s, is not valid',
  async (expires) => {
    const { ask } = await open('jwt', [badge('badge', 'x-badge', { expires })])
    await expect(ask({ 'x-badge': 'ann' }).requireCaller()).rejects.toMatchObject({ kind: 'InvalidToken' })
  },
)

test('its own claims replace those of the row; reserved ones stay the credential’s', async () => {
  const claims = { roles: ['member', 'root'], org: 'other', sub: 'root', secret: 'x' }
  const { ask } = await open('jwt', [badge('badge', 'x-badge', { claims, expires: null })])
  expect(await ask({ 'x-badge': 'ann' }).caller()).toMatchObject({
    user: { id: 'ann' },
    roles: ['member'],
    claims: { org: 'other' },
    expires: new Date('9999-12-31T23:59:59.999Z'),
  })
})

test('a session says what it came with', async () => {
  const { ask, browser } = await open()
  await browser.signIn()
  const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
  expect(await ask({ cookie, origin: ORIGIN }).session()).toMatchObject({ via: 'cookie', scopes: null })
  // Remembered ones too.
  expect(await ask({ cookie, origin: ORIGIN }).session()).toMatchObject({ via: 'cookie', scopes: null })
})

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { readJson } from '../support/browser.ts'
import { createNative, expectTokens, type Tokens } from '../support/native.ts'

type Jwt = NonNullable<NonNullable<AnyOptions['callbacks']>['jwt']>

/** Ann's row with columns of the app's own, and an engine that keeps sessions as rows. */
async function open(jwt: Jwt = ({ token }) => token, overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const adapter = memoryAdapter()
  const ann = { id: 'ann', name: 'ann', email: 'ann@example.com', roles: ['admin', 'member'], org: 'acme' }
  await adapter.createUser(ann)
  const auth = makeAuth({
    adapter,
    session: { strategy: 'database' },
    tokens: { enabled: true },
    claims: { org: z.string(), plan: z.string() },
    update: z.object({ org: z.string() }),
    clock: clock.read,
    callbacks: { jwt },
    ...overrides,
  })
  const native = createNative(auth)
  /** Every claim of an access token. */
  const token = async ({ accessToken }: Tokens) =>
    auth
      .createContext({
        method: 'GET',
        header: (name) => ({ authorization: `Bearer ${accessToken}`, origin: ORIGIN })[name],
        response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
      })
      .token()
  const refresh = async ({ refreshToken }: Tokens) => expectTokens(await native.refresh(refreshToken))
  return { auth, adapter, clock, native, token, refresh }
}

describe('R13 H11 under the database strategy a refresh reads the rows anew', () => {
  test('M03 what has not changed is as it was', async () => {
    const { native, token, refresh } = await open()
    const first = await native.signIn()
    const { iat: _iat, exp: _exp, jti: _jti, ...claims } = (await token(first))!
    expect(claims).toMatchObject({ name: 'ann', email: 'ann@example.com', roles: ['admin', 'member'], org: 'acme' })
    expect(await token(await refresh(first))).toMatchObject(claims)
  })

  test.each([
    { what: 'a role taken away', change: { roles: ['member'] }, claims: { roles: ['member'] } },
    { what: 'all roles taken away', change: { roles: null }, claims: { roles: [] } },
    { what: 'a role given', change: { role: 'editor' }, claims: { roles: ['admin', 'member', 'editor'] } },
    { what: 'a declared claim', change: { org: 'globex' }, claims: { org: 'globex' } },
    { what: 'one more declared claim', change: { plan: 'pro' }, claims: { org: 'acme', plan: 'pro' } },
    { what: 'the e-mail address', change: { email: 'ann@new.example' }, claims: { email: 'ann@new.example' } },
    { what: 'name and picture', change: { name: null, image: '/a.png' }, claims: { name: null, picture: '/a.png' } },
  ])('M03 $what reaches the next token', async ({ change, claims }) => {
    const { native, adapter, token, refresh } = await open(({ token: before }) => ({ ...before, note: 'kept' }))
    const first = await native.signIn()
    await adapter.updateUser({ id: 'ann', ...change })
    const second = await refresh(first)
    expect(await token(second)).toMatchObject({ ...claims, note: 'kept' })
    expect(await token(await refresh(second))).toMatchObject({ ...claims, note: 'kept' })
  })

  test('M03 a claim whose column was emptied is gone, and comes back with it', async () => {
    const { native, adapter, token, refresh } = await open()
    const first = await native.signIn()
    await adapter.updateUser({ id: 'ann', org: null })
    const second = await refresh(first)
    expect(await token(second)).not.toHaveProperty('org')
    expect(second.session?.claims).toEqual({})
    await adapter.updateUser({ id: 'ann', org: 'initech' })
    expect((await refresh(second)).session?.claims).toEqual({ org: 'initech' })
  })

  test('M03 the jwt callback sees the rows as they are now', async () => {
    const seen: unknown[] = []
    const { native, adapter, refresh } = await open(({ token }) => {
      seen.push(token.roles)
      return token
    })
    const first = await native.signIn()
    await adapter.updateUser({ id: 'ann', roles: ['member'] })
    await refresh(first)
    expect(seen).toEqual([['admin', 'member'], ['member']])
  })

  test('M03 what is stored with the session comes before the user’s columns', async () => {
    const { native, adapter, refresh } = await open()
    const first = await native.signIn()
    const [row] = await adapter.listSessions({ userId: 'ann', now: new Date(0) })
    await adapter.writeSessionClaims({ sessionToken: row!.sessionToken, revision: 0, claims: { org: 'own' } })
    await adapter.updateUser({ id: 'ann', org: 'globex' })
    expect((await refresh(first)).session?.claims).toEqual({ org: 'own' })
  })

  test('M03 J16 updateSession over a bearer is stored with the session, and stays', async () => {
    const { native, adapter, refresh, clock } = await open()
    const first = await native.signIn()
    const body = { org: 'initech', refreshToken: first.refreshToken }
    const second = await readJson<Tokens>(await native.post('/session', body, native.bearer(first.accessToken)))
    expect(second.session?.claims).toEqual({ org: 'initech' })
    const [row] = await adapter.listSessions({ userId: 'ann', now: clock.read() })
    expect(row?.claims).toEqual({ org: 'initech' })
    await adapter.updateUser({ id: 'ann', org: 'globex', roles: ['member'] })
    const third = await refresh(second)
    expect(third.session).toMatchObject({ claims: { org: 'initech' }, roles: ['member'] })
  })

  test('M03 the same from an Auth.js adapter', async () => {
    const { adapter, users } = authJsAdapter()
    const { native, refresh } = await open(undefined, { adapter, update: undefined as never })
    const first = await native.signIn()
    users.set('ann', { ...users.get('ann'), id: 'ann', roles: ['editor'], org: 'globex', email: 'ann@new.example' })
    const second = await refresh(first)
    expect(second.session).toMatchObject({ roles: ['editor'], claims: { org: 'globex' } })
    expect(second.user).toMatchObject({ email: 'ann@new.example' })
  })
})

describe('J8 what the jwt callback itself decided at sign-in survives', () => {
  test.each([
    { what: 'a claim that no row has', set: { plan: 'pro', note: 'x' }, change: {} },
    { what: 'a claim that the row has otherwise', set: { org: 'chosen' }, change: { org: 'globex' } },
    { what: 'a claim that the row has otherwise, then the same', set: { org: 'globex' }, change: { org: 'globex' } },
    { what: 'another e-mail address', set: { email: 'hidden@example.com' }, change: { email: 'ann@new.example' } },
  ])('M03 $what', async ({ set, change }) => {
    const { native, adapter, token, refresh } = await open(({ token: before, user }) =>
      user ? { ...before, ...set } : before,
    )
    let tokens = await native.signIn()
    await adapter.updateUser({ id: 'ann', ...change })
    for (let turn = 0; turn < 3; turn++) {
      tokens = await refresh(tokens)
      await adapter.updateUser({ id: 'ann', org: `org ${turn}` })
    }
    expect(await token(tokens)).toMatchObject(set)
  })

  test('M03 a claim that it removed stays away', async () => {
    const { native, token, refresh } = await open(({ token: before, user }) => {
      const { email: _email, org: _org, ...rest } = before as Record<string, unknown>
      return (user ? rest : before) as typeof before
    })
    const second = await refresh(await refresh(await native.signIn()))
    expect(await token(second)).not.toHaveProperty('email')
    expect(await token(second)).not.toHaveProperty('org')
  })

  test('M03 roles that it added stay, and those of the row are read anew', async () => {
    const { native, adapter, refresh } = await open(({ token, user }) =>
      user ? { ...token, roles: [...(token.roles ?? []), 'beta'] } : token,
    )
    const first = await native.signIn()
    expect(first.session?.roles).toEqual(['admin', 'member', 'beta'])
    await adapter.updateUser({ id: 'ann', roles: ['member'] })
    const second = await refresh(first)
    expect(second.session?.roles).toEqual(['member', 'beta'])
    await adapter.updateUser({ id: 'ann', roles: ['member', 'editor'] })
    expect((await refresh(second)).session?.roles).toEqual(['member', 'editor', 'beta'])
  })

  test('M03 roles that it replaced stay replaced', async () => {
    const { native, refresh } = await open(({ token, user }) => (user ? { ...token, roles: ['guest'] } : token))
    const second = await refresh(await native.signIn())
    expect(second.session?.roles).toEqual(['guest'])
    expect((await refresh(second)).session?.roles).toEqual(['guest'])
  })

  test('M03 what the refresh token carries of this reaches no client and no callback', async () => {
    const seen: string[] = []
    const { native, token, refresh } = await open(({ token: before }) => {
      seen.push(...Object.keys(before))
      return before
    })
    const second = await refresh(await native.signIn())
    expect([...seen, ...Object.keys((await token(second))!)]).not.toContain('rowState')
  })
})

test('M03 under the jwt strategy the token keeps its claims, and the callback renews them from the row', async () => {
  const { native, adapter, refresh } = await open(
    ({ token, user, stored }) =>
      user ? { ...token, roles: ['admin'], org: 'acme' } : { ...token, roles: stored?.roles as string[] },
    { session: { strategy: 'jwt' } },
  )
  const first = await native.signIn()
  await adapter.updateUser({ id: 'ann', roles: ['member'], org: 'globex' })
  expect((await refresh(first)).session).toMatchObject({ roles: ['member'], claims: { org: 'acme' } })
})

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { claim, hasAnyRole, hasRole, stringClaim } from '../../src/roles/index.ts'
import { defineRoles } from '../../src/index.ts'
import { readKind } from '../support/browser.ts'
import { MINUTE, openScene, STRATEGIES, under } from '../support/scene.ts'

/** A scene whose person has these roles and claims: in the token, or in the columns of their row. */
async function signInWith(strategy: 'jwt' | 'database', fields: Record<string, unknown>, options: object = {}) {
  const scene = openScene({
    ...under(strategy),
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, ...fields } : token) },
    ...options,
  })
  await scene.store.createUser({ id: 'ann', name: 'ann', email: 'ann@example.com', ...fields })
  await scene.browser.signIn()
  return scene
}

describe.each(STRATEGIES)('H1 H2 H3 which roles a session has under the %s strategy', (strategy) => {
  test.each([
    { fields: { roles: ['member', 'admin'] }, roles: ['member', 'admin'] },
    { fields: { role: 'admin' }, roles: ['admin'] },
    { fields: { roles: ['member'], role: 'admin' }, roles: ['member', 'admin'] },
    { fields: { roles: ['admin', 'member', 'admin'], role: 'member' }, roles: ['admin', 'member'] },
    { fields: { roles: 'admin' }, roles: ['admin'] },
    { fields: { roles: ['member', 7, null, '', '  ', {}, ['admin']] }, roles: ['member'] },
    { fields: { roles: { admin: true } }, roles: [] },
    { fields: {}, roles: [] },
  ])('$fields → $roles', async ({ fields, roles }) => {
    const { browser } = await signInWith(strategy, fields)
    expect((await browser.session())?.roles).toEqual(roles)
  })

  test.each(['root', 'Admin', 'admin ', 'admin,member', '*', '__proto__', 'constructor', 'toString'])(
    'H2 H3 Z05 the undeclared name %j grants nothing and is logged once',
    async (name) => {
      const { browser, log } = await signInWith(strategy, { roles: [name, 'member'] }, { roles: ['member', 'admin'] })
      for (let read = 0; read < 3; read++) expect((await browser.session())?.roles).toEqual(['member'])
      expect(log.lines.filter(({ message }) => message.includes('is not declared'))).toHaveLength(1)
    },
  )
})

describe('H7 claims and their schemas', () => {
  const sign = (claims: Record<string, z.ZodType>, fields: Record<string, unknown>) => {
    const scene = openScene({
      ...under('jwt'),
      claims,
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, ...fields } : token) },
    })
    return scene
  }

  test.each([
    { what: 'one that fits', claims: { org: z.string() }, fields: { org: 'acme' }, kind: undefined },
    { what: 'another type', claims: { org: z.string() }, fields: { org: 7 }, kind: 'InvalidClaim' },
    {
      what: 'another literal',
      claims: { plan: z.enum(['free', 'pro']) },
      fields: { plan: 'gold' },
      kind: 'InvalidClaim',
    },
    { what: 'a date', claims: { since: z.date() }, fields: { since: new Date() }, kind: 'InvalidClaim' },
    {
      what: 'a schema that changes its input',
      claims: { org: z.string().toUpperCase() },
      fields: { org: 'acme' },
      kind: 'InvalidClaim',
    },
    {
      what: 'an asynchronous schema',
      claims: { org: z.string().refine(async () => true) },
      fields: { org: 'acme' },
      kind: 'InvalidClaim',
    },
    { what: 'a map', claims: { tags: z.any() }, fields: { tags: new Map([['a', 1]]) }, kind: 'InvalidClaim' },
    { what: 'a bigint', claims: { big: z.any() }, fields: { big: 7n }, kind: 'InvalidClaim' },
    { what: 'absent, for each is optional', claims: { org: z.string() }, fields: {}, kind: undefined },
    {
      what: 'an object as JSON has it',
      claims: { at: z.object({ x: z.number() }) },
      fields: { at: { x: 1 } },
      kind: undefined,
    },
  ])('$what → $kind', async ({ claims, fields, kind }) => {
    const { browser, store } = sign(claims, fields)
    const response = await browser.signIn()
    expect(await readKind(response)).toBe(kind)
    expect(browser.setCookies.length > 0).toBe(kind === undefined)
    expect(await store.listSessions({ userId: 'ann', now: new Date(0) })).toHaveLength(kind === undefined ? 1 : 0)
  })

  test('the log names the claim, the answer does not', async () => {
    const { browser, log } = sign({ orgName: z.string() }, { orgName: 7 })
    expect(await (await browser.signIn()).text()).not.toContain('orgName')
    expect(log.lines.map(({ cause }) => (cause as Error).message).join()).toContain('orgName')
  })

  test('on reading, a claim that no longer fits is absent and logged once; nobody is signed out for it', async () => {
    const before = sign({ org: z.string() }, { org: 'acme' })
    await before.browser.signIn()
    const after = openScene({ ...under('jwt'), adapter: before.store, claims: { org: z.number() } })
    for (const [name, value] of before.browser.cookies) after.browser.cookies.set(name, value)
    for (let read = 0; read < 3; read++)
      expect(await after.browser.session()).toMatchObject({ user: { id: 'ann' }, claims: {} })
    expect(after.log.lines.filter(({ message }) => message.includes('claim "org"'))).toHaveLength(1)
  })
})

describe('H11 under the database strategy', () => {
  const options = {
    claims: { org: z.string(), orgId: z.string() },
    update: z.object({ orgId: z.string() }),
    roles: ['member', 'admin'],
  }

  test('roles and declared claims are the columns of the user, as they are at every request', async () => {
    const { browser, store } = await signInWith('database', { role: 'member', org: 'acme', passwordHash: 'x' }, options)
    expect(await browser.session()).toMatchObject({ roles: ['member'], claims: { org: 'acme' } })
    await store.updateUser({ id: 'ann', role: 'admin', org: 'globex' })
    expect(await browser.session()).toMatchObject({ roles: ['admin'], claims: { org: 'globex' } })
  })

  test('what updateSession stored with the session comes first, for this session only', async () => {
    const { browser, auth } = await signInWith('database', { orgId: 'o_1' }, options)
    await browser.post('/auth/session', { orgId: 'o_2' })
    expect((await browser.session())?.claims).toEqual({ orgId: 'o_2' })
    await browser.signIn()
    expect((await browser.session())?.claims).toEqual({ orgId: 'o_1' })
    expect(auth.features.strategy).toBe('database')
  })

  test('an empty column is no claim and no misfit', async () => {
    const { browser, log } = await signInWith('database', { org: null }, options)
    expect((await browser.session())?.claims).toEqual({})
    expect(log.lines.filter(({ message }) => message.includes('does not fit its schema'))).toEqual([])
  })

  test('D1 a bearer token starts with what the row says', async () => {
    const { auth, store } = openScene({ ...under('database'), ...options, tokens: { enabled: true } })
    await store.createUser({ id: 'ann', name: 'ann', email: 'ann@example.com', role: 'admin', org: 'acme' })
    const request = new Request('http://app.test/auth/signin/credentials', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ann@example.com', password: 'right', flow: 'token' }),
    })
    expect(await (await auth.handler(request)).json()).toMatchObject({
      session: { roles: ['admin'], claims: { org: 'acme' } },
    })
  })
})

describe('H5 roles and claims of a session, on either side', () => {
  const session = { roles: ['member'] as const, claims: { org: 'acme', seats: 7 } }

  test('hasRole and hasAnyRole compare exactly, and take nobody', () => {
    expect([
      hasRole(session, 'member'),
      hasRole(null, 'member'),
      hasAnyRole(session, []),
      hasAnyRole(undefined, ['member']),
    ]).toEqual([true, false, false, false])
    expect(['Member', 'member ', 'mem', '__proto__'].some((role) => hasRole(session, role as 'member'))).toBe(false)
  })

  test('claim and stringClaim answer own claims, and convert nothing', () => {
    expect([
      claim(session, 'seats'),
      stringClaim(session, 'org'),
      stringClaim(session, 'seats'),
      claim(null, 'org' as never),
    ]).toEqual([7, 'acme', undefined, undefined])
    expect(claim(session, 'constructor' as 'org')).toBeUndefined()
  })

  test('defineRoles().only keeps declared names, in order, each once', () => {
    const roles = defineRoles('member', 'admin')
    expect(roles.only(['admin', 'root', 7, 'admin', '__proto__', 'member'])).toEqual(['admin', 'member'])
    expect([...roles]).toEqual(['member', 'admin'])
  })
})

test('H9 a session is looked up once per request, and only when somebody asks', async () => {
  const { browser, calls, context } = openScene(under('database'))
  await browser.signIn()
  const cookie = browser.cookies.get('latchkey.session')
  calls.length = 0
  const { ctx } = context(cookie)
  expect(calls).toEqual([])
  await Promise.all([ctx.session(), ctx.requireSession(), ctx.clientSession(), ctx.token(), ctx.session()])
  expect(calls).toEqual(['getSessionAndUser'])
})

test('H10 without an adapter a role lives until the callback is asked again, revalidateAge later', async () => {
  let roles = ['admin']
  const { browser, clock } = openScene({ adapter: undefined, callbacks: { jwt: ({ token }) => ({ ...token, roles }) } })
  await browser.signIn()
  roles = []
  clock.turn(5 * MINUTE - 1)
  expect((await browser.session())?.roles).toEqual(['admin'])
  clock.turn(1)
  expect((await browser.session())?.roles).toEqual([])
})

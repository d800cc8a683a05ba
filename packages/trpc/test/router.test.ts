import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { COOKIE, createApp, type Engine, NOON, openEngine } from './support/app.ts'
import { kindOf, openBrowser } from './support/browser.ts'
import { openScene, signIn } from './support/scene.ts'
import { ADAPTERS } from './support/server.ts'

const SECRET = 'jJ0vQv2m5n8s1w4z7C0F3I6L9O2R5U8X'
type Context = ReturnType<Engine['kit']['authContext']>

describe('sessions', () => {
  test('the list shows this browser and the others, each by a public id', async () => {
    const { browser, url } = await openScene({ as: 'ada' })
    const phone = openBrowser(url)
    await signIn(phone, 'ada')
    await signIn(openBrowser(url), 'bob')
    const list = await browser.client().auth.sessions.list.query()
    expect(list).toHaveLength(2)
    expect(list.filter(({ current }) => current)).toHaveLength(1)
    expect(list[0]).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      current: expect.any(Boolean),
      createdAt: NOON.toISOString(),
      lastSeenAt: NOON.toISOString(),
      expires: expect.any(String),
      device: 'node',
      ip: '127.0.0.1',
    })
  })

  test.each(['jwt', 'database'] as const)(
    'revoking another browser ends it there, and not here (%s)',
    async (strategy) => {
      const { browser, url } = await openScene({ as: 'ada', strategy })
      const phone = openBrowser(url)
      await signIn(phone, 'ada')
      const here = browser.client()
      const other = (await here.auth.sessions.list.query()).find(({ current }) => !current)
      expect(await here.auth.sessions.revoke.mutate({ id: other!.id })).toEqual({ revoked: true })
      expect(await kindOf(phone.client().me.query())).toBe('SessionRevoked')
      expect(await here.me.query()).toMatchObject({ user: { id: 'ada' } })
      expect(await kindOf(here.auth.sessions.revoke.mutate({ id: other!.id }))).toBe('NotFound')
    },
  )

  test('revokeOthers ends all but this one', async () => {
    const { browser, url } = await openScene({ as: 'ada' })
    const others = [openBrowser(url), openBrowser(url)]
    for (const other of others) await signIn(other, 'ada')
    expect(await browser.client().auth.sessions.revokeOthers.mutate()).toEqual({ revoked: 2 })
    for (const other of others) expect(await kindOf(other.client().me.query())).toBe('SessionRevoked')
    expect(await browser.client().auth.sessions.list.query()).toHaveLength(1)
  })

  test('everywhere: signing out ends all of them, here too', async () => {
    const { browser, url } = await openScene({ as: 'ada' })
    const phone = openBrowser(url)
    await signIn(phone, 'ada')
    await browser.client().auth.signOut.mutate({ everywhere: true })
    expect(browser.cookies.has(COOKIE)).toBe(false)
    expect(await kindOf(phone.client().me.query())).toBe('SessionRevoked')
  })
})

test.each(['jwt', 'database'] as const)(
  'J16 updateSession changes declared claims and answers the shaped session (%s)',
  async (strategy) => {
    const { browser } = await openScene({ as: 'ada', strategy })
    const client = browser.client()
    expect(await client.auth.updateSession.mutate({ orgId: 'o_9' })).toMatchObject({
      shaped: true,
      claims: { org: 'acme', orgId: 'o_9' },
    })
    expect(await client.auth.session.query()).toMatchObject({ claims: { org: 'acme', orgId: 'o_9' } })
    expect(await kindOf(client.auth.updateSession.mutate({ orgId: 9 } as never))).toBe('InvalidInput')
  },
)

test('C4 clients learn id, name and type of a provider, and nothing else', async () => {
  const { browser } = await openScene()
  expect(await browser.client().auth.providers.query()).toEqual([
    { id: 'credentials', name: 'Credentials', type: 'credentials' },
  ])
})

describe('what exists follows the configuration', () => {
  const paths = (kit: { readonly authRouter: { readonly _def: { readonly procedures: object } } }) =>
    Object.keys(kit.authRouter._def.procedures)

  test('without adapter, `update` schema and tokens', () => {
    const found = paths(createAuthRouter(createAuth({ secret: SECRET })))
    expect(found).toEqual(expect.arrayContaining(['session', 'signIn', 'signOut', 'providers']))
    expect(found.filter((path) => /^(updateSession|token|sessions\.)/.test(path))).toEqual([])
  })

  test('with all of them', () => {
    const auth = createAuth({
      secret: SECRET,
      adapter: memoryAdapter(),
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      tokens: { enabled: true },
      providers: [
        credentials({ input: z.object({ name: z.string() }), identify: null, authorize: ({ name }) => ({ id: name }) }),
      ],
    })
    const optional = ['updateSession', 'token', 'sessions.list', 'sessions.revoke', 'sessions.revokeOthers']
    expect(paths(createAuthRouter(auth))).toEqual(expect.arrayContaining(optional))
  })

  test('a procedure that does not exist is not found', async () => {
    const { kit } = await openEngine()
    const bare = createAuthRouter(createAuth({ secret: SECRET }))
    const t = initTRPC.context<ReturnType<typeof bare.authContext>>().create({ errorFormatter: authErrorFormatter })
    const url = await ADAPTERS.standalone({
      router: t.router({ auth: bare.authRouter }),
      createContext: (from) => kit.authContext(from),
    })
    const response = await fetch(`${url}/auth.updateSession`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(404)
  })
})

describe('fact 1 in an app of another kind', () => {
  test("under any key, with the app's transformer: dates arrive as dates", async () => {
    const engine = await openEngine()
    const t = initTRPC.context<Context>().create({ transformer: superjson, errorFormatter: authErrorFormatter })
    const router = t.router({ account: t.router({ login: engine.kit.authRouter }) })
    const url = await ADAPTERS.standalone({ ...createApp(engine), router })
    const browser = openBrowser(url)
    const client = createTRPCClient<typeof router>({
      links: [httpBatchLink({ url, transformer: superjson, fetch: browser.fetch })],
    })
    await client.account.login.signIn.mutate({ provider: 'credentials', name: 'ada', password: 'right' })
    const session = await client.account.login.session.query()
    expect(session?.expires).toBeInstanceOf(Date)
    expect(await client.account.login.updateSession.mutate({ orgId: 'o_9' })).toMatchObject({
      claims: { orgId: 'o_9' },
    })
    expect(await client.account.login.signOut.mutate()).toEqual({ signedOut: true })
  })

  test("fact 3 beside another plugin's router, also one with a transformer", async () => {
    const { kit } = await openEngine()
    const plugin = initTRPC.create({ transformer: superjson })
    const t = initTRPC.context<Context>().create({ transformer: superjson })
    const other = plugin.router({ hello: plugin.procedure.query(() => 'hello') })
    expect(() => t.router({ auth: kit.authRouter, other })).not.toThrow()
  })

  test('fact 5 it is made where a `window` exists, as in tests of React code', async () => {
    const auth = createAuth({ secret: SECRET })
    Object.assign(globalThis, { window: {} })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'window'))
    expect(() => createAuthRouter(auth)).not.toThrow()
  })

  test('fact 7 no procedure has a name that clients or promises use', async () => {
    const { kit } = await openEngine()
    const names = Object.keys(kit.authRouter._def.procedures).flatMap((path) => path.split('.'))
    const taken = [
      'then',
      'call',
      'apply',
      'client',
      'query',
      'mutate',
      'mutation',
      'subscription',
      'useQuery',
      'useUtils',
      'Provider',
      'createClient',
    ]
    expect(names.filter((name) => taken.includes(name))).toEqual([])
  })
})

test('signOut takes no input, an empty one, or one that says everywhere; anything else is refused and ends nothing', async () => {
  const { browser, url } = await openScene({ as: 'ada' })
  const send = (body: string | undefined) =>
    browser.fetch(`${url}/auth.signOut`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    })
  for (const body of [
    '"everywhere"',
    '[]',
    '1',
    'true',
    '{"everywhere":"yes"}',
    '{"everywhere":1}',
    '{"everywhere":',
    '{',
  ]) {
    expect([body, (await send(body)).status]).toEqual([body, 400])
  }
  expect(await browser.client().who.query()).toBe('ada')
  for (const body of [undefined, '{}', 'null', '{"everywhere":false}', '{"everywhere":true}']) {
    await signIn(browser, 'ada')
    expect([body, (await send(body)).status]).toEqual([body, 200])
    expect(browser.cookies.size).toBe(0)
  }
})

import { type CallerContextOptions, readAuthError, type SetCookie } from '@latchkey/trpc'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type AppRouter, COOKIE, createApp, type Engine, openEngine, ORIGIN } from './support/app.ts'
import { kindOf } from './support/browser.ts'
import { openScene } from './support/scene.ts'

const SIGN_IN = { provider: 'credentials', name: 'ada', password: 'right' } as const

/** A jar that a server action would keep its cookies in. */
function openJar() {
  const cookies = new Map<string, SetCookie>()
  const headers: string[] = []
  const setCookie: CallerContextOptions['setCookie'] = (name, header, cookie) => {
    headers.push(header)
    cookies.set(name, cookie)
  }
  const toHeader = () => [...cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')
  return { cookies, headers, setCookie, toHeader }
}

function callerOf(engine: Engine, from: CallerContextOptions) {
  return createApp(engine).router.createCaller(engine.kit.authContext(from))
}

/** 'ran', or the kind of what went wrong. */
function kindOfCall(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'ran',
    (error: unknown) => readAuthError(error)?.kind,
  )
}

describe('Z09 createCaller passes the same checks as HTTP', () => {
  test('nobody, somebody, somebody without the role', async () => {
    const engine = await openEngine()
    const [nobody, bob, ada] = [openJar(), openJar(), openJar()]
    await callerOf(engine, { headers: {}, setCookie: bob.setCookie }).auth.signIn({ ...SIGN_IN, name: 'bob' })
    await callerOf(engine, { headers: {}, setCookie: ada.setCookie }).auth.signIn(SIGN_IN)
    const outcomes = []
    for (const jar of [nobody, bob, ada]) {
      const caller = callerOf(engine, { headers: { cookie: jar.toHeader() } })
      outcomes.push([await kindOfCall(caller.open()), await kindOfCall(caller.me()), await kindOfCall(caller.admin())])
    }
    expect(outcomes).toEqual([
      ['ran', 'SessionRequired', 'SessionRequired'],
      ['ran', 'ran', 'AccessDenied'],
      ['ran', 'ran', 'ran'],
    ])
  })

  test('headers may be Headers or a plain record', async () => {
    const engine = await openEngine()
    const jar = openJar()
    await callerOf(engine, { headers: new Headers(), setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
    expect(await callerOf(engine, { headers: new Headers({ cookie: jar.toHeader() }) }).who()).toBe('ada')
    expect(await callerOf(engine, { headers: { cookie: jar.toHeader() } }).who()).toBe('ada')
    expect(await callerOf(engine, { headers: { cookie: undefined, 'x-list': ['a', 'b'] } }).who()).toBeNull()
  })

  test('on behalf of a request with a method, the origin is checked as if it came by itself', async () => {
    const engine = await openEngine()
    const jar = openJar()
    await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
    const from = (origin: string) => ({ method: 'POST', headers: { cookie: jar.toHeader(), origin } })
    expect(await callerOf(engine, from(ORIGIN)).me()).toMatchObject({ user: { id: 'ada' } })
    await expect(callerOf(engine, from('https://evil.example')).me()).rejects.toMatchObject({
      cause: { kind: 'UntrustedOrigin' },
    })
  })
})

test("M41 without a method the server calls on its own behalf: it reads, and writes unless another site's request is behind it", async () => {
  const engine = await openEngine()
  const jar = openJar()
  await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
  const outcomes: Record<string, readonly unknown[]> = {}
  const foreign = { origin: 'https://evil.example' }
  for (const [from, headers] of [
    ['nothing', {}],
    ['our site', { origin: ORIGIN }],
    ['the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['another site', foreign],
    ['another site, without Origin', { 'sec-fetch-site': 'cross-site' }],
  ] as const) {
    const caller = callerOf(engine, { headers: { cookie: jar.toHeader(), ...headers }, setCookie: jar.setCookie })
    outcomes[from] = [await kindOfCall(caller.me()), await kindOfCall(caller.auth.sessions.revokeOthers())]
  }
  const posted = callerOf(engine, { method: 'POST', headers: { cookie: jar.toHeader(), ...foreign } })
  outcomes['another site, with a method'] = [
    await kindOfCall(posted.me()),
    await kindOfCall(posted.auth.sessions.revokeOthers()),
  ]
  expect(outcomes).toEqual({
    nothing: ['ran', 'ran'],
    'our site': ['ran', 'ran'],
    'the same origin': ['ran', 'ran'],
    'another site': ['ran', 'UntrustedOrigin'],
    'another site, without Origin': ['ran', 'UntrustedOrigin'],
    'another site, with a method': ['UntrustedOrigin', 'UntrustedOrigin'],
  })
})

describe('cookies of a caller', () => {
  test('setCookie gets the header and its parts, as frameworks take them', async () => {
    const engine = await openEngine()
    const jar = openJar()
    await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
    const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' }
    expect(jar.cookies.get(COOKIE)).toEqual({
      name: COOKIE,
      value: expect.stringMatching(/^.{20,}$/),
      maxAge: 2_592_000,
      ...attributes,
    })
    expect(jar.headers[0]).toBe(
      `${COOKIE}=${jar.cookies.get(COOKIE)?.value}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
    await callerOf(engine, { headers: { cookie: jar.toHeader() }, setCookie: jar.setCookie }).auth.signOut()
    expect(jar.cookies.get(COOKIE)).toEqual({ name: COOKIE, value: '', maxAge: 0, ...attributes })
  })

  test('fact 14 without a way to set them, what must set one fails before any side effect, and reading extends nothing', async () => {
    const engine = await openEngine()
    await expect(callerOf(engine, { headers: {} }).auth.signIn(SIGN_IN)).rejects.toMatchObject({
      cause: { kind: 'ResponseCommitted' },
    })
    expect(engine.attempts).toEqual([])
    const jar = openJar()
    await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
    engine.pass(2 * 86_400_000)
    engine.store.calls.length = 0
    expect(await callerOf(engine, { headers: { cookie: jar.toHeader() } }).me()).toMatchObject({ user: { id: 'ada' } })
    expect(engine.store.calls).toEqual(['getSessionAndUser'])
  })
})

test("ctx.auth's methods may be taken off it, and its errors are tRPC's", async () => {
  const { kit } = await openEngine()
  const { session, requireSession, signOut, providers } = kit.authContext({ headers: {} }).auth
  expect(await session()).toBeNull()
  expect(await providers()).toEqual([{ id: 'credentials', name: 'Credentials', type: 'credentials' }])
  await expect(requireSession()).rejects.toMatchObject({
    name: 'TRPCError',
    code: 'UNAUTHORIZED',
    cause: { kind: 'SessionRequired' },
  })
  await expect(signOut()).rejects.toMatchObject({ name: 'TRPCError', code: 'PRECONDITION_FAILED' })
})

describe('WebSockets', () => {
  /** A client over a socket of its own whose handshake carries these headers. */
  async function openSocket(engine: Engine, headers: Record<string, string>) {
    const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    const { router } = createApp(engine)
    const handler = applyWSSHandler({ wss, router, createContext: (opts) => engine.kit.authContext(opts) })
    if (!wss.address()) await new Promise((resolve) => wss.once('listening', resolve))
    const address = wss.address()
    if (typeof address !== 'object' || !address) throw new Error('not listening')
    const Handshake = class extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers })
      }
    }
    // ws's class lacks what only browsers' sockets have, and tRPC doesn't use.
    const socket = createWSClient({
      url: `ws://127.0.0.1:${address.port}`,
      WebSocket: Handshake as unknown as typeof globalThis.WebSocket,
    })
    onTestFinished(async () => {
      await socket.close()
      handler.broadcastReconnectNotification()
      for (const client of wss.clients) client.terminate()
      await new Promise((resolve) => wss.close(resolve))
    })
    return createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
  }

  async function signedIn(engine: Engine) {
    const jar = openJar()
    await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
    return jar.toHeader()
  }

  test('a socket reads the session of its handshake, and can set no cookie', async () => {
    const engine = await openEngine()
    const client = await openSocket(engine, { cookie: await signedIn(engine), origin: ORIGIN })
    expect(await client.me.query()).toMatchObject({ user: { id: 'ada' } })
    engine.attempts.length = 0
    expect(await kindOf(client.auth.signIn.mutate(SIGN_IN))).toBe('ResponseCommitted')
    expect(await kindOf(client.auth.signOut.mutate())).toBe('ResponseCommitted')
    expect(engine.attempts).toEqual([])
    expect(await client.me.query()).toMatchObject({ user: { id: 'ada' } })
  })

  test('fact 15 a handshake from another site is nobody', async () => {
    const engine = await openEngine()
    const client = await openSocket(engine, { cookie: await signedIn(engine), origin: 'https://evil.example' })
    expect(await kindOf(client.me.query())).toBe('UntrustedOrigin')
    expect(await client.open.query()).toBe('open')
  })

  test('fact 19 a session that ends ends for open sockets too: every call looks again', async () => {
    const engine = await openEngine()
    const cookie = await signedIn(engine)
    const client = await openSocket(engine, { cookie, origin: ORIGIN })
    expect(await client.who.query()).toBe('ada')
    await callerOf(engine, { headers: { cookie }, setCookie: () => {} }).auth.signOut({ everywhere: true })
    expect(await kindOf(client.me.query())).toBe('SessionRevoked')
    expect(await client.who.query()).toBeNull()
  })
})

describe('server-sent events', () => {
  test.each(['standalone', 'express', 'fastify', 'fetch'] as const)(
    'C10 a stream is kept from caches, and from proxies that would hold it back (%s)',
    async (adapter) => {
      const { browser, url } = await openScene({ adapter, as: 'ada' })
      const leaving = new AbortController()
      const response = await browser.fetch(`${url}/auth.onSessionChange`, {
        headers: { accept: 'text/event-stream' },
        signal: leaving.signal,
      })
      expect(response.headers.get('cache-control')?.split(', ')).toEqual(
        expect.arrayContaining(['private', 'no-store', 'no-transform']),
      )
      expect(response.headers.get('vary')).toMatch(/cookie/i)
      leaving.abort()
    },
  )

  test('fact 11 a subscription can set no cookie: the session is not extended', async () => {
    const { engine, browser, url } = await openScene({ as: 'ada' })
    engine.pass(2 * 86_400_000)
    const leaving = new AbortController()
    const response = await browser.fetch(`${url}/auth.onSessionChange`, { signal: leaving.signal })
    const first = await response.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toBeTruthy()
    expect(response.headers.getSetCookie()).toEqual([])
    expect(engine.store.calls).not.toContain('slideSession')
    leaving.abort()
  })
})

describe('M38 a setCookie that throws, as in a server component of Next', () => {
  const cause = new Error('Cookies can only be modified in a Server Action or Route Handler.')
  const refuse = () => {
    throw cause
  }

  test.each(['jwt', 'database'] as const)(
    'a page that only reads is rendered, and nothing is written; %s',
    async (strategy) => {
      const engine = await openEngine({ strategy })
      const jar = openJar()
      await callerOf(engine, { headers: {}, setCookie: jar.setCookie }).auth.signIn(SIGN_IN)
      const from = { headers: { cookie: jar.toHeader() } }
      engine.pass(86_400_000)
      engine.store.calls.length = 0
      const page = callerOf(engine, { ...from, setCookie: refuse })
      expect([await page.who(), await page.who(), (await page.auth.session())?.user.id]).toEqual(['ada', 'ada', 'ada'])
      expect(engine.store.calls).toEqual(['getSessionAndUser'])
      expect(engine.log).toEqual([])
      // An action that can set cookies extends it.
      expect(await callerOf(engine, { ...from, setCookie: jar.setCookie }).who()).toBe('ada')
      expect(engine.store.calls).toContain('slideSession')
      expect(jar.headers.filter((header) => !header.includes('latchkey.device'))).toHaveLength(2)
    },
  )

  test('what must set a cookie fails with ResponseCommitted, and keeps the cause', async () => {
    const engine = await openEngine()
    const page = callerOf(engine, { headers: {}, setCookie: refuse })
    const error: unknown = await page.auth.signIn(SIGN_IN).catch((thrown: unknown) => thrown)
    expect(readAuthError(error)).toMatchObject({ kind: 'ResponseCommitted', cause })
  })
})

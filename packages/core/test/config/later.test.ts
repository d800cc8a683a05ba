import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeAuth, openLog, PASSWORD, SECRET } from '../support/auth.ts'

const NAMES = ['NODE_ENV', 'AUTH_URL', 'NEXT_PHASE'] as const
const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]))

function setEnv(env: Partial<Record<(typeof NAMES)[number], string>>): void {
  for (const name of NAMES) {
    const value = name in env ? env[name] : undefined
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
afterEach(() => setEnv(before))

const URL_OF_APP = 'https://app.test'

function signInRequest(origin = URL_OF_APP, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${origin}/auth/signin/credentials`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: 'ada@app.test', password: PASSWORD }),
  })
}

async function signIn(auth: ReturnType<typeof makeAuth>, origin?: string, headers?: Readonly<Record<string, string>>) {
  const response = await auth.handler(signInRequest(origin, headers))
  const answer = (await response.json()) as { error?: { kind: string } } // the endpoints' documented form
  return { status: response.status, kind: answer.error?.kind, cookie: response.headers.get('set-cookie') }
}

describe('M36 secret and baseUrl as functions', () => {
  beforeEach(() => setEnv({ NODE_ENV: 'production' }))

  test('are asked at the first use, once, and count as if they had been written', async () => {
    const asked: string[] = []
    const auth = makeAuth({
      secret: () => {
        asked.push('secret')
        return SECRET
      },
      baseUrl: () => {
        asked.push('baseUrl')
        return URL_OF_APP
      },
    })
    expect(auth.features.strategy).toBe('jwt')
    expect(asked).toEqual([])
    const first = await signIn(auth)
    expect(first).toMatchObject({ status: 200, cookie: expect.stringMatching(/^__Host-.*; Secure$/) })
    expect((await signIn(auth)).status).toBe(200)
    expect(asked.toSorted()).toEqual(['baseUrl', 'secret'])
    const cookie = first.cookie?.split(';')[0] ?? ''
    const written = makeAuth({ secret: SECRET, baseUrl: URL_OF_APP })
    const session = await written.getSession(new Request(URL_OF_APP, { headers: { cookie } }))
    expect(session?.user.id).toBe('ada')
  })

  test('may return several secrets, and leave baseUrl to AUTH_URL', async () => {
    const auth = makeAuth({ secret: () => [SECRET, `${SECRET}-old`], baseUrl: () => undefined })
    setEnv({ NODE_ENV: 'production', AUTH_URL: URL_OF_APP })
    expect((await signIn(auth)).cookie).toMatch(/^__Host-/)
  })

  test.each<{ readonly wrong: string; readonly options: object; readonly says: RegExp }>([
    { wrong: 'no secret', options: { secret: () => undefined }, says: /^Configuration: secret: .*openssl rand/ },
    { wrong: 'a short secret', options: { secret: () => 'short' }, says: /^Configuration: secret: .*32 random bytes/ },
    {
      wrong: 'a promise of a secret',
      options: { secret: async () => SECRET },
      says: /^Configuration: secret: .*32 random bytes/,
    },
    { wrong: 'no baseUrl', options: { baseUrl: () => undefined }, says: /^Configuration: baseUrl: .*AUTH_URL/ },
    { wrong: 'a baseUrl that is none', options: { baseUrl: () => 'app.test' }, says: /^Configuration: baseUrl: / },
    { wrong: 'http', options: { baseUrl: () => 'http://app.test' }, says: /^Configuration: baseUrl: use https/ },
    {
      wrong: 'a cookie name that http cannot carry',
      options: { baseUrl: () => 'http://localhost:3000', cookies: { session: { name: '__Host-x' } } },
      says: /^Configuration: cookies\.session\.name: .*https only/,
    },
  ])('$wrong: the call that needs it fails, and the log says which option', async ({ options, says }) => {
    const { logger, lines } = openLog()
    const auth = makeAuth({ secret: () => SECRET, baseUrl: () => URL_OF_APP, logger, ...options })
    expect(await signIn(auth)).toMatchObject({ status: 500, kind: 'Configuration', cookie: null })
    expect(lines.map(({ cause }) => (cause instanceof Error ? cause.message : ''))).toEqual([
      expect.stringMatching(says),
    ])
  })

  test('a function that throws is asked again by the next request', async () => {
    const { logger, lines } = openLog()
    let env: { readonly AUTH_SECRET: string } | undefined
    const secret = () => {
      if (!env) throw new Error('no environment outside of a request')
      return env.AUTH_SECRET
    }
    const auth = makeAuth({ secret, baseUrl: URL_OF_APP, logger })
    expect(await signIn(auth)).toMatchObject({ status: 500, kind: 'Configuration' })
    expect(lines[0]?.cause).toMatchObject({
      message: 'Configuration: secret: its function threw',
      cause: expect.objectContaining({ message: 'no environment outside of a request' }),
    })
    env = { AUTH_SECRET: SECRET }
    expect((await signIn(auth)).status).toBe(200)
  })

  test('and everything else is still checked at once', () => {
    const later = { secret: () => SECRET, baseUrl: () => URL_OF_APP }
    expect(() => makeAuth(later)).not.toThrow()
    expect(() => makeAuth({ ...later, session: { maxAge: 'soon' as never } })).toThrow(/session\.maxAge/)
    expect(() => makeAuth({ ...later, trustedOrigins: ['admin.test'] })).toThrow(/trustedOrigins/)
    expect(() => makeAuth({ ...later, cookies: { session: { name: 'a b' } } })).toThrow(/cookies\.session\.name/)
    expect(() => makeAuth({ ...later, secret: 'short' })).toThrow(/secret/)
    expect(() => makeAuth({ ...later, baseUrl: 'app.test' })).toThrow(/baseUrl/)
  })
})

describe('M36 C7 while Next builds', () => {
  const missing = { secret: undefined, baseUrl: undefined } as object // what `process.env.X!` is in a build

  test('nothing of the environment has to be there, until it is used', async () => {
    setEnv({ NODE_ENV: 'production', NEXT_PHASE: 'phase-production-build' })
    const auth = makeAuth(missing)
    expect(auth.features.strategy).toBe('jwt')
    expect(await signIn(auth)).toMatchObject({ status: 500, kind: 'Configuration' })
    expect(() => makeAuth({ basePath: 'auth' })).toThrow(/basePath/)
  })

  test.each([{}, { NEXT_PHASE: 'phase-production-server' }, { NEXT_PHASE: 'phase-development-server' }])(
    'but everywhere else construction throws, and says how (%o)',
    (phase) => {
      setEnv({ NODE_ENV: 'production', ...phase })
      expect(() => makeAuth({ baseUrl: URL_OF_APP })).not.toThrow()
      expect(() => makeAuth({ ...missing, baseUrl: URL_OF_APP })).toThrow(
        /^Configuration: secret: .*pass a function: \(\) => process\.env\.AUTH_SECRET/,
      )
      expect(() => makeAuth({ baseUrl: undefined })).toThrow(
        /^Configuration: baseUrl: .*pass a function: \(\) => process\.env\.AUTH_URL/,
      )
    },
  )
})

describe('M36 https while baseUrl is the default', () => {
  beforeEach(() => setEnv({}))

  const open = (options: object = {}) => {
    const { logger, lines } = openLog()
    return { auth: makeAuth({ baseUrl: undefined, logger, ...options }), lines }
  }
  const complaints = (lines: readonly { readonly message: string }[]) =>
    lines.filter(({ message }) => message.startsWith('baseUrl: '))

  test('is an error that names the fix, once in the log; over http on loopback nothing changes', async () => {
    const { auth, lines } = open()
    expect(await signIn(auth, 'http://localhost:8080')).toMatchObject({ status: 200 })
    expect(complaints(lines)).toEqual([])
    expect(await signIn(auth, 'https://app.example')).toEqual({ status: 500, kind: 'Configuration', cookie: null })
    expect(await signIn(auth, 'https://app.example')).toMatchObject({ status: 500, kind: 'Configuration' })
    await expect(auth.getSession(new Request('https://app.example/page'))).rejects.toMatchObject({
      kind: 'Configuration',
    })
    expect(complaints(lines)).toEqual([
      expect.objectContaining({ message: expect.stringContaining("baseUrl: 'https://app.example'") }),
    ])
  })

  test.each([
    {
      from: 'a page of our own',
      headers: { host: 'app.example', origin: 'https://app.example' },
      kind: 'Configuration',
    },
    {
      from: 'a proxy that ended the encryption',
      headers: { host: 'app.example', 'x-forwarded-proto': 'https, http', 'sec-fetch-site': 'same-origin' },
      kind: 'Configuration',
    },
    {
      from: 'a proxy that names the host',
      headers: { host: '10.0.0.7:3000', 'x-forwarded-host': 'app.example', origin: 'https://app.example' },
      kind: 'Configuration',
    },
    {
      from: "another site's page",
      headers: { host: 'localhost:3000', origin: 'https://evil.example' },
      kind: 'UntrustedOrigin',
    },
    {
      from: 'development over https',
      headers: { host: 'localhost:3000', origin: 'https://localhost:3000', 'x-forwarded-proto': 'https' },
      kind: undefined,
    },
  ])('behind a server that sees no scheme: $from', async ({ headers, kind }) => {
    const { auth } = open()
    const source = {
      method: 'POST',
      header: (name: string) => new Headers({ 'content-type': 'application/json', ...headers }).get(name),
      response: { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} },
    }
    const context = auth.createContext(source)
    const input = { provider: 'credentials', email: 'ada@app.test', password: PASSWORD } as never
    const outcome = await context.signIn(input).then(
      () => undefined,
      (error: unknown) => Reflect.get(Object(error), 'kind') as unknown,
    )
    expect(outcome).toBe(kind)
  })

  test.each([{ baseUrl: 'http://app.test' }, { baseUrl: 'https://app.example' }, { env: 'https://app.example' }])(
    'said in any way, it is taken (%o)',
    async ({ baseUrl, env }) => {
      if (env) setEnv({ AUTH_URL: env })
      const { auth } = open({ baseUrl, trustedOrigins: ['https://app.example'] })
      expect((await signIn(auth, 'https://app.example')).status).toBe(200)
    },
  )
})

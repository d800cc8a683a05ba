import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AuthError, memoryAdapter } from '../../src/index.ts'
import { HTTPS_ORIGIN, makeAuth, ORIGIN, passwordProvider } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

/** Options as JavaScript, or a spread, would pass them: what the compiler would have caught as well. */
type Loose = Readonly<Record<string, unknown>>

interface Row {
  readonly wrong: string
  readonly options: Loose
  /** What the message must name. */
  readonly option: string
  /** What it must say to do. */
  readonly fix: RegExp
}

const org = { org: z.string() }
const credentials = passwordProvider()

const ROWS: readonly Row[] = [
  {
    wrong: 'a strategy that does not exist',
    options: { session: { strategy: 'cookie' } },
    option: 'session.strategy',
    fix: /'jwt' or 'database'/,
  },
  {
    wrong: 'no strategy at all',
    options: { session: { strategy: null } },
    option: 'session.strategy',
    fix: /'jwt' or 'database'/,
  },
  {
    wrong: 'the database strategy without an adapter',
    options: { session: { strategy: 'database' } },
    option: 'adapter',
    fix: /pass an adapter, or choose 'jwt'/,
  },
  {
    wrong: 'an adapter that keeps no sessions',
    options: { adapter: { getUser: () => null }, session: { strategy: 'database' } },
    option: 'adapter',
    fix: /lacks createSession\(\)/,
  },
  {
    wrong: 'an adapter that lacks one method',
    options: { adapter: without('slideSession') },
    option: 'adapter',
    fix: /lacks slideSession\(\)/,
  },
  {
    wrong: 'an adapter that cannot rotate',
    options: { adapter: without('rotateSession'), tokens: { enabled: true } },
    option: 'adapter',
    fix: /lacks rotateSession\(\)/,
  },
  { wrong: 'an adapter that is none', options: { adapter: 'postgres://…' }, option: 'adapter', fix: /adapter object/ },
  { wrong: 'null for an adapter', options: { adapter: null }, option: 'adapter', fix: /adapter object/ },
  {
    wrong: 'updateSession without claims',
    options: { update: z.object({ org: z.string() }) },
    option: 'update',
    fix: /declare the claims/,
  },
  {
    wrong: 'updateSession over an adapter that cannot store it',
    options: { claims: org, update: z.object(org), session: { strategy: 'database' }, adapter: authJsAdapter() },
    option: 'adapter',
    fix: /lacks writeSessionClaims\(\)/,
  },
  {
    wrong: 'an update that is no schema',
    options: { claims: org, update: { org: 'string' } },
    option: 'update',
    fix: /Standard Schema/,
  },
  {
    wrong: 'a claim without a schema',
    options: { claims: { org: 'string' } },
    option: 'claims.org',
    fix: /Standard Schema/,
  },
  {
    wrong: 'a claim with half a schema',
    options: { claims: { org: { '~standard': { version: 1 } } } },
    option: 'claims.org',
    fix: /Standard Schema/,
  },
  { wrong: 'claims as a list', options: { claims: ['org'] }, option: 'claims', fix: /Schema per claim/ },
  ...['sub', 'iat', 'exp', 'jti', 'nbf', 'iss', 'aud', 'sessionId', 'authTime', 'adoptedAt', 'generation'].map(
    (name) => ({
      wrong: `a claim called ${name}`,
      options: { claims: { [name]: z.any() } },
      option: 'claims',
      fix: new RegExp(`"${name}" is a name of the engine's own`),
    }),
  ),
  {
    wrong: 'an exposed claim that is not declared',
    options: { claims: org, exposeClaims: ['orgId'] },
    option: 'exposeClaims',
    fix: /"orgId" is not declared/,
  },
  {
    wrong: 'exposed claims that are no list',
    options: { claims: org, exposeClaims: 'org' },
    option: 'exposeClaims',
    fix: /list/,
  },
  { wrong: 'a role instead of roles', options: { roles: 'admin' }, option: 'roles', fix: /list/ },
  { wrong: 'a role without a name', options: { roles: ['admin', ' '] }, option: 'roles', fix: /" " is no name/ },
  { wrong: 'a role that is a number', options: { roles: [1] }, option: 'roles', fix: /number is no name/ },
  {
    wrong: 'two providers of one id',
    options: { providers: [credentials, passwordProvider()] },
    option: 'providers',
    fix: /an id of its own/,
  },
  {
    wrong: 'a provider without an id',
    options: { providers: [{ ...credentials, id: '' }] },
    option: 'providers',
    fix: /"" is no id/,
  },
  {
    wrong: 'a provider whose id is a path',
    options: { providers: [{ ...credentials, id: '../session' }] },
    option: 'providers',
    fix: /is no id/,
  },
  {
    wrong: 'a provider whose id is __proto__',
    options: { providers: [{ ...credentials, id: '__proto__' }] },
    option: 'providers',
    fix: /is no id/,
  },
  {
    wrong: "Auth.js's provider function, not called",
    options: { providers: [() => ({ id: 'github' })] },
    option: 'providers',
    fix: /credentials\(/,
  },
  {
    wrong: 'a provider without begin',
    options: { providers: [{ ...credentials, begin: undefined }] },
    option: 'providers',
    fix: /credentials\(.*provider\(/,
  },
  {
    wrong: 'M16 a provider that does not say whom an attempt is for',
    options: { providers: [{ ...credentials, identify: undefined }] },
    option: 'providers.credentials.identify',
    fix: /null to count by address only/,
  },
  {
    wrong: 'a provider without a schema',
    options: { providers: [{ ...credentials, input: {} }] },
    option: 'providers.credentials.input',
    fix: /Standard Schema/,
  },
  {
    wrong: 'a hole in the list of providers',
    options: { providers: [undefined] },
    option: 'providers',
    fix: /credentials\(/,
  },
  { wrong: 'one provider instead of a list', options: { providers: credentials }, option: 'providers', fix: /list/ },
  {
    wrong: 'a callback of another name',
    options: { callbacks: { signin: () => false } },
    option: 'callbacks.signin',
    fix: /only jwt, session, signIn/,
  },
  {
    wrong: 'a callback that is no function',
    options: { callbacks: { jwt: true } },
    option: 'callbacks.jwt',
    fix: /function/,
  },
  {
    wrong: 'an event of another name',
    options: { events: { signedIn: () => {} } },
    option: 'events.signedIn',
    fix: /only signIn/,
  },
  {
    wrong: 'an event that is no function',
    options: { events: { signIn: 'log' } },
    option: 'events.signIn',
    fix: /function/,
  },
  {
    wrong: 'a baseUrl that is none',
    options: { baseUrl: 'app.example.com' },
    option: 'baseUrl',
    fix: /https:\/\/app\.example\.com/,
  },
  {
    wrong: 'a baseUrl of another scheme',
    options: { baseUrl: 'ftp://app.example.com' },
    option: 'baseUrl',
    fix: /https:\/\/app\.example\.com/,
  },
  {
    wrong: 'a baseUrl that is a script',
    options: { baseUrl: 'javascript:alert(1)' },
    option: 'baseUrl',
    fix: /https:\/\/app\.example\.com/,
  },
  { wrong: 'a basePath without a slash', options: { basePath: 'auth' }, option: 'basePath', fix: /begin with a slash/ },
  { wrong: 'a basePath with a query', options: { basePath: '/auth?x' }, option: 'basePath', fix: /begin with a slash/ },
  {
    wrong: 'a basePath that would end a cookie',
    options: { basePath: '/auth; Domain=evil.test' },
    option: 'basePath',
    fix: /begin with a slash/,
  },
  {
    wrong: 'a basePath that is a URL',
    options: { basePath: 'https://app.test/auth' },
    option: 'basePath',
    fix: /begin with a slash/,
  },
  {
    wrong: 'a trusted origin with a path',
    options: { trustedOrigins: ['https://admin.test/x'] },
    option: 'trustedOrigins',
    fix: /scheme and host only/,
  },
  {
    wrong: 'a trusted host without a scheme',
    options: { trustedOrigins: ['admin.test'] },
    option: 'trustedOrigins',
    fix: /"admin\.test" is no origin/,
  },
  {
    wrong: 'a trusted pattern',
    options: { trustedOrigins: ['https://*.test/'] },
    option: 'trustedOrigins',
    fix: /two labels/,
  },
  { wrong: 'a trusted null', options: { trustedOrigins: ['null'] }, option: 'trustedOrigins', fix: /is no origin/ },
  { wrong: 'a trusted asterisk', options: { trustedOrigins: ['*'] }, option: 'trustedOrigins', fix: /first label/ },
  { wrong: 'a trusted file', options: { trustedOrigins: ['file:///'] }, option: 'trustedOrigins', fix: /is no origin/ },
  {
    wrong: 'one trusted origin instead of a list',
    options: { trustedOrigins: 'https://admin.test' },
    option: 'trustedOrigins',
    fix: /list/,
  },
  ...['', 'a b', 'a;b', 'a=b', 'a,b', 'a"b', 'a\nb', 'ä', 'a/b'].map((name) => ({
    wrong: `a cookie called ${JSON.stringify(name)}`,
    options: { cookies: { session: { name } } },
    option: 'cookies.session.name',
    fix: /letters, digits/,
  })),
  ...['__Host-session', '__Secure-session'].map((name) => ({
    wrong: `a cookie called ${name} over http`,
    options: { cookies: { session: { name } } },
    option: 'cookies.session.name',
    fix: /https only; baseUrl is http/,
  })),
  ...[
    'session.maxAge',
    'session.updateAge',
    'session.absoluteMaxAge',
    'session.revalidateAge',
    'session.freshAge',
    'adapterTimeout',
    'cleanup.every',
    'limits.signIn.window',
  ].flatMap((option) => badDurations(option)),
  ...['accessTokenMaxAge', 'refreshTokenMaxAge', 'familyMaxAge', 'reuseWindow'].flatMap((name) =>
    badDurations(`tokens.${name}`, { enabled: true }),
  ),
  {
    wrong: 'an adapterTimeout that no timer can wait',
    options: { adapterTimeout: '25d' },
    option: 'adapterTimeout',
    fix: /24 days or less/,
  },
  ...[null, true, 'hourly'].map((cleanup) => ({
    wrong: `cleanup: ${String(cleanup)}`,
    options: { cleanup },
    option: 'cleanup',
    fix: /or false/,
  })),
  ...[0, -1, 1.5, Number.NaN, '10'].map((batch) => ({
    wrong: `a cleanup.batch of ${String(batch)}`,
    options: { cleanup: { batch } },
    option: 'cleanup.batch',
    fix: /a whole number/,
  })),
  ...['perIdentifier', 'perClient'].flatMap((name) =>
    [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10'].map((value) => ({
      wrong: `limits.signIn.${name} of ${String(value)}`,
      options: { limits: { signIn: { [name]: value } } },
      option: `limits.signIn.${name}`,
      fix: /one or more; `signIn: false`/,
    })),
  ),
  ...[null, 7, {}, { consume: 'redis' }, () => {}].map((counter) => ({
    wrong: `limits.counter ${JSON.stringify(counter)}`,
    options: { limits: { counter } },
    option: 'limits.counter',
    fix: /consume\(key, rule, now\)/,
  })),
  ...[-1, 0.5, Number.NaN, '1', true].map((value) => ({
    wrong: `trustedProxies of ${String(value)}`,
    options: { trustedProxies: value },
    option: 'trustedProxies',
    fix: /whole number, zero or more/,
  })),
  ...['maxEntries', 'maxBytes'].map((name) => ({
    wrong: `a tokenCache.${name} below zero`,
    options: { tokenCache: { [name]: -1 } },
    option: `tokenCache.${name}`,
    fix: /zero or more/,
  })),
  ...[
    { rowCache: { maxAge: '10s' }, option: 'session.rowCache', fix: /for the database strategy/ },
    { strategy: 'database', rowCache: {}, option: 'session.rowCache.maxAge', fix: /how old a row may be/ },
    { strategy: 'database', rowCache: { maxAge: 0 }, option: 'session.rowCache.maxAge', fix: /more than zero/ },
    {
      strategy: 'database',
      rowCache: { maxAge: '1s', maxEntries: -1 },
      option: 'session.rowCache.maxEntries',
      fix: /zero or more/,
    },
  ].map(({ option, fix, ...session }) => ({
    wrong: `session ${JSON.stringify(session)}`,
    options: { session: { strategy: 'jwt', ...session }, adapter: memoryAdapter() },
    option,
    fix,
  })),
  {
    wrong: 'a logger that cannot warn',
    options: { logger: { error: () => {} } },
    option: 'logger',
    fix: /lacks warn\(\)/,
  },
  { wrong: 'a logger that is a function', options: { logger: () => {} }, option: 'logger', fix: /lacks error\(\)/ },
  { wrong: 'a clock that answers a number', options: { clock: Date.now }, option: 'clock', fix: /answers a Date/ },
  {
    wrong: 'a clock that stands still for ever',
    options: { clock: new Date() },
    option: 'clock',
    fix: /answers a Date/,
  },
  {
    wrong: 'a clock that is broken',
    options: { clock: () => new Date('soon') },
    option: 'clock',
    fix: /answers a Date/,
  },
]

function badDurations(option: string, more: object = {}): Row[] {
  const values = [
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '0s',
    '',
    '30',
    '30 d',
    '1w',
    '1h30m',
    '-1d',
    'P1D',
    true,
    {},
  ]
  return values.map((value) => {
    const [room = '', ...rest] = option.split('.')
    const inner = rest.reduceRight<unknown>((member, name) => ({ ...more, [name]: member }), value)
    const options = { [room]: inner }
    return {
      wrong: `${option} of ${JSON.stringify(value)}`,
      options,
      option,
      fix: /'15m' or '30d', more than zero/,
    }
  })
}

function without(method: string): object {
  return Object.fromEntries(Object.entries(memoryAdapter()).filter(([name]) => name !== method))
}

/** As much of an adapter as Auth.js asks for. */
function authJsAdapter(): object {
  const { createSession, getSessionAndUser, getUser, createUser, deleteSession } = memoryAdapter()
  return { createSession, getSessionAndUser, getUser, createUser, deleteSession, updateSession: () => null }
}

describe('C7 a wrong configuration', () => {
  test('a right one throws nothing: every option at once', () => {
    const options = {
      adapter: memoryAdapter(),
      roles: ['member', 'admin'],
      claims: org,
      exposeClaims: ['org'],
      update: z.object(org),
      session: {
        strategy: 'database',
        maxAge: '1.5h',
        updateAge: 60,
        absoluteMaxAge: '12h',
        revalidateAge: '30s',
        freshAge: '10m',
      },
      tokens: {
        enabled: true,
        accessTokenMaxAge: 60,
        refreshTokenMaxAge: '1d',
        familyMaxAge: '2d',
        reuseWindow: '5s',
        alwaysReturn: true,
      },
      providers: [credentials, { ...passwordProvider(), id: 'second-one_2' }],
      callbacks: { jwt: undefined, signIn: () => true },
      events: { signIn: () => {} },
      baseUrl: HTTPS_ORIGIN,
      basePath: '/api/auth',
      trustedOrigins: ['https://admin.test', 'https://other.test/', 'http://localhost:3000'],
      cookies: { session: { name: '__Secure-my.session' } },
      limits: { signIn: { perIdentifier: 1, perClient: 1, window: 1 } },
      trustedProxies: 2,
      adapterTimeout: '24d',
      tokenCache: { maxEntries: 0, maxBytes: 0 },
      logger: console,
      clock: () => new Date(),
    }
    expect(() => makeAuth(options as never)).not.toThrow()
  })

  test.each(ROWS)('$wrong is refused, naming $option and the fix', ({ options, option, fix }) => {
    let thrown: unknown
    try {
      makeAuth({ baseUrl: ORIGIN, ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(AuthError)
    expect(thrown).toMatchObject({ kind: 'Configuration', code: 'INTERNAL_SERVER_ERROR' })
    expect(String(thrown)).toContain(`AuthError: Configuration: ${option}: `)
    expect(String(thrown)).toMatch(fix)
  })

  test('its message stays on the server: what a client may see is fixed text', () => {
    try {
      makeAuth({ secret: 'short' })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ publicMessage: 'Configuration: The server is not configured correctly.' })
    }
  })

  describe('in production', () => {
    const before = { AUTH_URL: process.env['AUTH_URL'], NODE_ENV: process.env['NODE_ENV'] }
    beforeEach(() => {
      process.env['NODE_ENV'] = 'production'
      delete process.env['AUTH_URL']
    })
    afterEach(() => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    })

    test.each([
      { baseUrl: 'https://app.test', url: undefined, fine: true },
      { baseUrl: 'http://localhost:3000', url: undefined, fine: true },
      { baseUrl: undefined, url: 'https://app.test', fine: true },
      { baseUrl: undefined, url: undefined, fine: false },
      { baseUrl: undefined, url: '', fine: false },
      { baseUrl: undefined, url: 'not a URL', fine: false },
      { baseUrl: 'http://app.test', url: undefined, fine: false },
      { baseUrl: 'http://localhost.evil.test', url: undefined, fine: false },
      { baseUrl: undefined, url: 'http://app.test', fine: false },
    ])('baseUrl $baseUrl and AUTH_URL $url: fine $fine', ({ baseUrl, url, fine }) => {
      if (url !== undefined) process.env['AUTH_URL'] = url
      const make = () => makeAuth({ baseUrl })
      if (fine) expect(make).not.toThrow()
      else expect(make).toThrow(/^Configuration: baseUrl: .*https/)
    })
  })
})

describe('C1 the strategy', () => {
  const adapter = memoryAdapter()
  test.each([
    { config: 'nothing', options: { providers: [] }, strategy: 'jwt' },
    { config: 'credentials', options: {}, strategy: 'jwt' },
    { config: 'an adapter', options: { adapter, providers: [] }, strategy: 'database' },
    { config: 'an adapter and credentials', options: { adapter }, strategy: 'jwt' },
    {
      config: 'jwt, said',
      options: { adapter, providers: [], session: { strategy: 'jwt' as const } },
      strategy: 'jwt',
    },
    {
      config: 'database, said, with credentials',
      options: { adapter, session: { strategy: 'database' as const } },
      strategy: 'database',
    },
  ])('of $config is $strategy', ({ options, strategy }) => {
    expect(makeAuth(options).features.strategy).toBe(strategy)
  })

  test('credentials with the database strategy signs in and out', async () => {
    const browser = createBrowser(makeAuth({ adapter: memoryAdapter(), session: { strategy: 'database' } }))
    expect((await browser.signIn()).status).toBe(200)
    expect((await browser.session())?.user.id).toBe('ann')
    await browser.signOut()
    expect(await browser.session()).toBeNull()
  })
})

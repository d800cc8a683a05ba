import { createAuth, credentials } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { awsLambdaRequestHandler, type CreateAWSLambdaContextOptions } from '@trpc/server/adapters/aws-lambda'
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

type LambdaEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2

const ORIGIN = 'https://app.test'
const COOKIE = '__Host-latchkey.session'

const makeAuth = () =>
  createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    logger: { error: () => {}, warn: () => {} },
    limits: { signIn: { perClient: 2 } },
    tokens: { enabled: true },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, pad: 'x'.repeat(4_000) } : token) },
  })

/** What a call comes back as, whichever version of the event it was. */
interface Answer {
  readonly status: number
  readonly body: { readonly result?: { readonly data: unknown }; readonly error?: { readonly data: { kind: string } } }
  readonly cookies: readonly string[]
  readonly headers: Readonly<Record<string, unknown>>
}

interface Call {
  readonly path: string
  readonly input?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly address?: string
}

/** Events as API Gateway makes them. They are typed by their documentation; what no code reads of them is left out. */
const EVENTS = {
  'version 1': ({ path, input, headers, cookies = [], address = '203.0.113.7' }: Call) => ({
    path: `/${path}`,
    httpMethod: input === undefined ? 'GET' : 'POST',
    headers: { Origin: ORIGIN, 'Content-Type': 'application/json', ...headers },
    multiValueHeaders: cookies.length > 0 ? { Cookie: [cookies.join('; ')] } : {},
    pathParameters: null,
    queryStringParameters: null,
    requestContext: { domainName: 'x.execute-api.test', identity: { sourceIp: address } },
    body: input === undefined ? null : JSON.stringify(input),
  }),
  'version 2': ({ path, input, headers, cookies, address = '203.0.113.7' }: Call) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: `/${path}`,
    rawQueryString: '',
    headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
    ...(cookies && { cookies }),
    requestContext: {
      domainName: 'x.execute-api.test',
      http: { method: input === undefined ? 'GET' : 'POST', sourceIp: address },
    },
    body: input === undefined ? undefined : JSON.stringify(input),
  }),
}

function openApp({ withCookies }: { readonly withCookies: boolean }) {
  const kit = createAuthRouter(makeAuth())
  const createContext = (opts: CreateAWSLambdaContextOptions<LambdaEvent>) => {
    const resHeaders = withCookies ? new Headers() : undefined
    return { ...kit.authContext({ ...opts, resHeaders }), resHeaders }
  }
  const t = initTRPC.context<typeof createContext>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: kit.authRouter,
    mine: t.procedure.concat(kit.protectedProcedure).query(({ ctx }) => ctx.session.user.id),
    open: t.procedure.query(() => 'open'),
  })
  return awsLambdaRequestHandler<typeof router, LambdaEvent>({
    router,
    createContext,
    responseMeta: ({ ctx }) => (ctx?.resHeaders ? { headers: ctx.resHeaders } : {}),
  })
}

describe.each(['version 1', 'version 2'] as const)('M40 AWS Lambda, %s of the event', (version) => {
  async function call(handler: ReturnType<typeof openApp>, params: Call): Promise<Answer> {
    const event = EVENTS[version](params) as unknown as LambdaEvent
    const result = (await handler(event, {} as Context)) as Readonly<Record<string, unknown>> // a result of either version
    const multi = result['multiValueHeaders'] as Readonly<Record<string, readonly string[]>> | undefined
    return {
      status: Number(result['statusCode']),
      body: JSON.parse(String(result['body'])) as Answer['body'],
      cookies: (result['cookies'] as readonly string[] | undefined) ?? multi?.['set-cookie'] ?? [],
      headers: result['headers'] as Answer['headers'],
    }
  }
  const ada = { provider: 'credentials', name: 'ada', password: 'right' }
  const pairs = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split(';')[0] ?? '')

  test('signs in with cookies that responseMeta sends, and reads them again', async () => {
    const handler = openApp({ withCookies: true })
    const signedIn = await call(handler, { path: 'auth.signIn', input: ada })
    expect(signedIn).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-store' } })
    const cookies = pairs(signedIn.cookies)
    expect(cookies.map((pair) => pair.split('=')[0])).toEqual([`${COOKIE}.0`, `${COOKIE}.1`, '__Host-latchkey.device'])
    expect(await call(handler, { path: 'mine', cookies })).toMatchObject({
      status: 200,
      body: { result: { data: 'ada' } },
      headers: { 'cache-control': 'private, no-store', vary: expect.stringMatching(/cookie/i) },
    })
    expect(await call(handler, { path: 'mine' })).toMatchObject({
      status: 401,
      body: { error: { data: { kind: 'SessionRequired' } } },
    })
    expect((await call(handler, { path: 'open', cookies })).headers).not.toHaveProperty('cache-control')
    const signedOut = await call(handler, { path: 'auth.signOut', input: {}, cookies })
    expect(pairs(signedOut.cookies)).toEqual(expect.arrayContaining([`${COOKIE}.0=`, `${COOKIE}.1=`]))
  })

  test('refuses other sites, and counts attempts by the address that API Gateway saw', async () => {
    const handler = openApp({ withCookies: true })
    const guess = async (name: string, more: Partial<Call> = {}) =>
      (await call(handler, { path: 'auth.signIn', input: { ...ada, name, password: 'wrong' }, ...more })).body.error
        ?.data.kind
    const foreign = {
      headers: version === 'version 1' ? { Origin: 'https://evil.test' } : { origin: 'https://evil.test' },
    }
    expect((await call(handler, { path: 'auth.signIn', input: ada })).status).toBe(200)
    expect(await guess('ada', foreign)).toBe('UntrustedOrigin')
    expect(await guess('ada')).toBe('CredentialsSignin')
    expect(await guess('bob')).toBe('CredentialsSignin')
    expect(await guess('eve')).toBe('RateLimited')
    expect(await guess('eve', { address: '203.0.113.8' })).toBe('CredentialsSignin')
  })

  test('without headers to write to, cookies fail before anything happens, and tokens work', async () => {
    const handler = openApp({ withCookies: false })
    expect(await call(handler, { path: 'auth.signIn', input: ada })).toMatchObject({
      status: 412,
      body: { error: { data: { kind: 'ResponseCommitted' } } },
    })
    const { body } = await call(handler, { path: 'auth.signIn', input: { ...ada, flow: 'token' } })
    const { accessToken } = (body.result ?? { data: {} }).data as { accessToken?: string } // a token response, as asked for
    expect(await call(handler, { path: 'mine', headers: { Authorization: `Bearer ${accessToken}` } })).toMatchObject({
      body: { result: { data: 'ada' } },
    })
  })
})

test.each([undefined, null, {}, { request: new Request(ORIGIN) }, 'opts'])(
  'M40 what no adapter hands over is a clear error, and no TypeError (%o)',
  (from) => {
    const { authContext } = createAuthRouter(makeAuth())
    expect(() => authContext({ headers: {} })).not.toThrow()
    expect(() => authContext(from as never)).toThrow(
      /^Configuration: authContext: pass what the adapter hands to createContext, or \{ headers \}/,
    )
  },
)

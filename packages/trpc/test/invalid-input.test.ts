import { createServer } from 'node:http'
import { createAuth, credentials, isAuthError, type Schema } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { ADAPTERS } from './support/server.ts'

const ORIGIN = 'https://app.example.com'
const PASSWORD = 'hunter2-hunter2'

/** As some schema libraries do: what was refused is in the message. */
const chatty: Schema<{ secret: string }> = {
  '~standard': {
    version: 1,
    vendor: 'chatty',
    validate: (value) => ({
      issues: [{ message: `expected a number but received ${JSON.stringify(value)}`, path: [{ key: 'secret' }] }],
    }),
  },
}

function makeAuth() {
  return createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    logger: { error: () => {}, warn: () => {} },
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    tokens: { enabled: true },
    providers: [
      credentials({
        input: z.object({
          email: z.email(),
          password: z.string().max(8),
          address: z.object({ city: z.string() }).optional(),
          tags: z.array(z.string()).optional(),
        }),
        identify: ({ email }) => email,
        authorize: ({ email }) => ({ id: email }),
      }),
      credentials({ id: 'chatty', input: chatty, identify: null, authorize: () => null }),
    ],
  })
}

async function openApp() {
  const auth = makeAuth()
  const kit = createAuthRouter(auth)
  const t = initTRPC
    .context<ReturnType<typeof kit.authContext>>()
    .create({ errorFormatter: authErrorFormatter, isDev: true })
  const router = t.router({ auth: kit.authRouter })
  const log: unknown[] = []
  const url = await ADAPTERS.standalone({
    router,
    createContext: kit.authContext,
    onError: ({ error }) => void log.push(error.cause),
  })
  const cookies = new Map<string, string>()
  const client = createTRPCClient<typeof router>({
    links: [
      httpLink({
        url,
        headers: () => ({ origin: ORIGIN, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
        fetch: async (input, init) => {
          const response = await fetch(input, init as RequestInit)
          for (const header of response.headers.getSetCookie()) {
            const [name = '', value = ''] = header.split(';')[0]?.split('=') ?? []
            cookies.set(name, value)
          }
          return response
        },
      }),
    ],
  })
  return { auth, client, log }
}

async function failure(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TRPCClientError)) throw new Error('it did not fail as a call of a client does')
  return {
    data: error.data as { readonly kind: string; readonly fields?: readonly string[] },
    whole: JSON.stringify(error.shape),
  }
}

const ADA = { provider: 'credentials', email: 'ada@example.com', password: 'right' } as const

const WRONG = [
  { input: { ...ADA, email: 'ada' }, fields: ['email'] },
  { input: { ...ADA, email: 7, password: PASSWORD }, fields: ['email', 'password'] },
  { input: { provider: 'credentials' }, fields: ['email', 'password'] },
  { input: { ...ADA, address: { city: 7 }, tags: ['a', 7] }, fields: ['address.city', 'tags.1'] },
  { input: { ...ADA, provider: 'nobody' }, fields: ['provider'] },
  { input: { ...ADA, flow: 'sideways' }, fields: ['flow'] },
  { input: { provider: 'chatty', secret: PASSWORD }, fields: ['secret'] },
] as const

test.each(WRONG)(
  'M41 InvalidInput names the fields to the client and the log, and no value: $fields',
  async ({ input, fields }) => {
    const { client, log } = await openApp()
    await client.auth.signIn.mutate(ADA)
    const { data, whole } = await failure(client.auth.signIn.mutate(input as never))
    expect(data).toMatchObject({ kind: 'InvalidInput', fields })
    expect(whole).not.toContain(PASSWORD)
    const [cause] = log
    expect(isAuthError(cause) && [cause.message, cause.fields]).toEqual([
      `InvalidInput: not valid: ${fields.join(', ')}`,
      fields,
    ])
    expect(String(Object(cause).stack)).not.toContain(PASSWORD)
  },
)

test.each(WRONG)('M41 over the handler too: $fields', async ({ input, fields }) => {
  const server = createServer(toNodeHandler(makeAuth().handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const post = (body: object, provider: string) =>
    fetch(`http://127.0.0.1:${port}/auth/signin/${provider}`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await post(ADA, 'credentials')).status).toBe(200)
  const response = await post(input, input.provider)
  const text = await response.text()
  expect([response.status, JSON.parse(text)]).toEqual([
    400,
    { error: { kind: 'InvalidInput', code: 'BAD_REQUEST', message: 'InvalidInput: The input is not valid.', fields } },
  ])
  expect(text).not.toContain(PASSWORD)
})

test('M41 updateSession names the claims that do not fit, and other refusals have no fields', async () => {
  const { client } = await openApp()
  expect(await client.auth.signIn.mutate(ADA)).toMatchObject({ status: 'signedIn' })
  expect((await failure(client.auth.updateSession.mutate({ org: 7 } as never))).data).toMatchObject({
    kind: 'InvalidInput',
    fields: ['org'],
  })
  expect((await failure(client.auth.token.mutate({} as never))).data).toMatchObject({ fields: ['refreshToken'] })
  expect((await failure(client.auth.signOut.mutate({ everywhere: 'yes' } as never))).data).toMatchObject({
    fields: ['everywhere'],
  })
  expect((await failure(client.auth.signIn.mutate([] as never))).data).not.toHaveProperty('fields')
  expect((await failure(client.auth.token.mutate({ refreshToken: 'x' }))).data).toEqual(
    expect.not.objectContaining({ fields: expect.anything() }),
  )
})

test('M41 what a client makes up is bounded: twenty fields of a hundred characters', async () => {
  const many: Schema<Record<string, unknown>> = {
    '~standard': {
      version: 1,
      vendor: 'many',
      validate: (value) => ({
        issues: Object.keys(Object(value)).map((key) => ({ message: 'no', path: [key, Symbol('x')] })),
      }),
    },
  }
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    providers: [credentials({ input: many, identify: null, authorize: () => null })],
  })
  const body = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(1_000, 'x'), 1]))
  const response = await auth.handler(
    new Request(`${ORIGIN}/auth/signin/credentials`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ['line\nbreak']: 1 })
        .slice(0, 60_000)
        .replace(/,"[^"]*$/, '}'),
    }),
  )
  const { error } = (await response.json()) as { error: { fields: readonly string[] } }
  expect(error.fields).toHaveLength(20)
  expect(Math.max(...error.fields.map(({ length }) => length))).toBe(100)
})

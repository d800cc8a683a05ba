import { AuthError, type AuthErrorKind } from '@latchkey/core'
import { authErrorFormatter, readAuthError, toTRPCError } from '@latchkey/trpc'
import { initTRPC, TRPCError } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { describe, expect, test } from 'vitest'
import { createApp, type Engine, openEngine } from './support/app.ts'
import { failure, openBrowser } from './support/browser.ts'
import { openScene, signIn } from './support/scene.ts'
import { ADAPTERS, type Served } from './support/server.ts'

const WRONG = { provider: 'credentials', name: 'ada', password: 'wrong' } as const
type Context = ReturnType<Engine['kit']['authContext']>

describe('C6 every failure has a code and a kind', () => {
  test('the kind is in error.data, with the status of its code', async () => {
    const { browser } = await openScene()
    const client = browser.client()
    expect(await failure(client.me.query())).toMatchObject({
      kind: 'SessionRequired',
      code: 'UNAUTHORIZED',
      httpStatus: 401,
    })
    expect(await failure(client.auth.signIn.mutate(WRONG))).toMatchObject({
      kind: 'CredentialsSignin',
      httpStatus: 401,
    })
    const noInput = client.auth.signIn.mutate({ provider: 'credentials' } as never)
    expect(await failure(noInput)).toMatchObject({ kind: 'InvalidInput', code: 'BAD_REQUEST', httpStatus: 400 })
    await signIn(browser, 'bob')
    expect(await failure(client.admin.query())).toMatchObject({
      kind: 'AccessDenied',
      code: 'FORBIDDEN',
      httpStatus: 403,
    })
    expect(await failure(client.auth.sessions.revoke.mutate({ id: 'nobody' }))).toMatchObject({
      kind: 'NotFound',
      httpStatus: 404,
    })
  })

  test('an error that is none of ours has the kind null', async () => {
    const { browser } = await openScene()
    expect(await failure(browser.client().save.mutate({ text: 1 } as never))).toMatchObject({
      kind: null,
      code: 'BAD_REQUEST',
    })
  })

  test('C9 a limited sign-in says in how many seconds to try again', async () => {
    const { engine, browser } = await openScene()
    const client = browser.client()
    for (let attempt = 0; attempt < 10; attempt++) await failure(client.auth.signIn.mutate(WRONG))
    expect(await failure(client.auth.signIn.mutate(WRONG))).toMatchObject({
      kind: 'RateLimited',
      code: 'TOO_MANY_REQUESTS',
      retryAfter: expect.any(Number),
    })
    expect(engine.attempts).toHaveLength(10)
  })

  test('in an app that forgot the formatter code and status are right, and the message begins with the kind', async () => {
    const engine = await openEngine()
    const t = initTRPC.context<Context>().create({ isDev: false })
    const router = t.router({
      auth: engine.kit.authRouter,
      me: t.procedure.concat(engine.kit.protectedProcedure).query(() => 'me'),
      asked: t.procedure.query(({ ctx }) => ctx.auth.requireSession()),
    })
    const url = await ADAPTERS.standalone({ ...createApp(engine), router })
    for (const path of ['me', 'asked', 'auth.sessions.list']) {
      const response = await openBrowser(url).fetch(`${url}/${path}`)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({
        error: { message: 'SessionRequired: Sign in first.', data: { code: 'UNAUTHORIZED', httpStatus: 401 } },
      })
    }
  })
})

describe('T08 what nobody wrote for clients stays on the server', () => {
  test.each(['standalone', 'express', 'fastify', 'fetch'] as const)(
    'the message of a thrown error (%s)',
    async (adapter) => {
      const errors: unknown[] = []
      const onError: Served['onError'] = ({ error }) => void errors.push(error.cause)
      const { browser, url } = await openScene({ adapter, served: { onError } })
      const response = await browser.fetch(`${url}/broken`)
      const body = await response.text()
      expect(response.status).toBe(500)
      expect(body).not.toMatch(/duplicate|constraint|users|bob|\bat \/|stack/i)
      expect(JSON.parse(body)).toMatchObject({ error: { message: 'Internal server error', data: { kind: null } } })
      expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('users_email_key') })])
    },
  )

  test('M23 C14 a failing store: 503, the kind and when to try again for the client, the cause for onError', async () => {
    const errors: unknown[] = []
    const onError: Served['onError'] = ({ error }) => void errors.push(error)
    const { engine, browser, url } = await openScene({ as: 'ada', served: { onError } })
    engine.store.failWith(new Error('relation "sessions" does not exist'))
    const response = await browser.fetch(`${url}/me`)
    const body = await response.text()
    expect(body).not.toContain('relation')
    expect(response.status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({
      error: { data: { kind: 'AdapterError', code: 'SERVICE_UNAVAILABLE', httpStatus: 503, retryAfter: 1 } },
    })
    const cause = readAuthError(errors[0])?.cause
    expect(cause).toMatchObject({ message: 'relation "sessions" does not exist' })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  /** What the formatter makes of an error in a root that is in development or not. */
  async function formatted(thrown: unknown, isDev: boolean): Promise<unknown> {
    const t = initTRPC.create({ errorFormatter: authErrorFormatter, isDev })
    const router = t.router({
      fails: t.procedure.query(() => {
        throw thrown
      }),
    })
    const url = await ADAPTERS.standalone({ router, createContext: () => ({}) })
    return (await fetch(`${url}/fails`)).json()
  }

  test('an error that the app threw on purpose keeps its words', async () => {
    const thrown = new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'The bank does not answer.',
      cause: new Error('ECONNREFUSED'),
    })
    expect(await formatted(thrown, false)).toMatchObject({
      error: { message: 'The bank does not answer.', data: { kind: null } },
    })
  })

  test.each<{ what: string; thrown: unknown }>([
    {
      what: 'a TRPCError that only wraps',
      thrown: new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('secret') }),
    },
    { what: 'a string', thrown: 'secret' },
    { what: 'an object', thrown: { message: 'secret', sql: 'secret' } },
    { what: 'an object without a message', thrown: { sql: 'secret' } },
  ])('$what is masked', async ({ thrown }) => {
    const answer = await formatted(thrown, false)
    expect(answer).toMatchObject({ error: { message: 'Internal server error' } })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('in development too: its stack would begin with its message', async () => {
    const answer = await formatted(new Error('secret'), true)
    expect(answer).toMatchObject({ error: { message: 'Internal server error' } })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('an AuthError that a resolver let through is answered as it would be from a guard, without its detail', async () => {
    const answer = await formatted(new AuthError('AccessDenied', { detail: 'secret' }), false)
    expect(answer).toMatchObject({
      error: {
        message: 'AccessDenied: You may not do this.',
        data: { kind: 'AccessDenied', code: 'FORBIDDEN', httpStatus: 403 },
      },
    })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })
})

describe('a formatter of the app beside ours', () => {
  const t = initTRPC.context<Context>().create({
    isDev: false,
    errorFormatter: authErrorFormatter.with(({ shape, error }) => ({
      ...shape,
      data: { ...shape.data, hint: error.code === 'UNAUTHORIZED' ? 'sign in' : null, seen: shape.message },
    })),
  })

  test('it receives the safe shape, and what it adds arrives beside the kind', async () => {
    const engine = await openEngine()
    const router = t.router({
      me: t.procedure.concat(engine.kit.protectedProcedure).query(() => 'me'),
      broken: t.procedure.query(() => {
        throw new Error('secret')
      }),
    })
    const url = await ADAPTERS.standalone({ ...createApp(engine), router })
    expect(await (await fetch(`${url}/me`)).json()).toMatchObject({
      error: { data: { kind: 'SessionRequired', hint: 'sign in' } },
    })
    expect(await (await fetch(`${url}/broken`)).json()).toMatchObject({
      error: { message: 'Internal server error', data: { kind: null, seen: 'Internal server error' } },
    })
  })
})

describe('toTRPCError and readAuthError', () => {
  test.each<{ kind: AuthErrorKind; code: string }>([
    { kind: 'SessionRequired', code: 'UNAUTHORIZED' },
    { kind: 'ResponseCommitted', code: 'PRECONDITION_FAILED' },
    { kind: 'Configuration', code: 'INTERNAL_SERVER_ERROR' },
  ])('$kind has the code $code, the fixed message, and itself as the cause', ({ kind, code }) => {
    const cause = new AuthError(kind, { detail: 'secret', cause: new Error('secret') })
    const error = toTRPCError(cause)
    expect(error).toMatchObject({ name: 'TRPCError', code, message: cause.publicMessage, cause })
    expect(error.message).toMatch(new RegExp(`^${kind}: `))
    expect(readAuthError(error)).toBe(cause)
    expect(readAuthError(cause)).toBe(cause)
  })

  test('a TRPCError stays itself, also one of another copy of tRPC', () => {
    const own = new TRPCError({ code: 'CONFLICT' })
    const other = Object.assign(new Error('of another copy'), { name: 'TRPCError', code: 'CONFLICT' })
    expect(toTRPCError(own)).toBe(own)
    expect(toTRPCError(other)).toBe(other)
    expect(readAuthError(own)).toBeNull()
  })

  test('anything else is a server error whose words stay in the cause', () => {
    const cause = new Error('secret')
    expect(toTRPCError(cause)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error', cause })
  })
})

describe('M25 in development', () => {
  const secret = 'duplicate key value violates unique constraint (email)=(bob@example.com)'

  async function ask(path: string) {
    const t = initTRPC.create({ errorFormatter: authErrorFormatter, isDev: true })
    const router = t.router({
      broken: t.procedure.query(() => {
        throw new Error(secret)
      }),
      told: t.procedure.query(() => {
        throw new TRPCError({ code: 'CONFLICT', message: 'The name is taken.' })
      }),
    })
    const req = new Request(`http://x/${path}`)
    return (await fetchRequestHandler({ endpoint: '', router, req, onError: () => {} })).text()
  }

  test('an error that was written for clients keeps its stack', async () => {
    const body = await ask('told')
    expect(body).toContain('The name is taken.')
    expect(body).toContain('"stack"')
  })

  test('an unexpected one has none: its message stands in it', async () => {
    const body = await ask('broken')
    expect(body).toContain('Internal server error')
    expect(body).not.toContain('"stack"')
    expect(body).not.toContain('bob@example.com')
  })
})

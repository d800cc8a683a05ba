import { createAuth, credentials, definePlugin, memoryAdapter } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { expect, test } from 'vitest'
import { z } from 'zod'

const ORIGIN = 'http://app.test'

/** A badge in a header: `ann posts:read`. */
const badge = definePlugin({
  id: 'badge',
  needs: ['getUser'],
  setup: ({ store }) => ({
    credential: {
      find: (header) => header('x-badge'),
      open: async (value) => {
        const [id = '', ...scopes] = value.split(' ')
        const user = await store.getUser(id)
        return user && { user, id: `badge-${id}`, scopes, expires: null }
      },
    },
  }),
})

async function openApp({ revalidateAge = '5m' }: { readonly revalidateAge?: `${number}s` | '5m' } = {}) {
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann', roles: ['admin'] })
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter,
    roles: ['admin'],
    session: { revalidateAge },
    plugins: [badge],
    providers: [credentials({ input: z.object({ id: z.string() }), identify: null, authorize: ({ id }) => ({ id }) })],
  })
  const { authRouter, authContext, protectedProcedure, requireRole, requireScope } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter,
    scoped: t.procedure
      .concat(requireScope('posts:read'))
      .query(({ ctx }) => `${ctx.session.via} ${ctx.session.user.id}`),
    write: t.procedure.use(requireScope.middleware('posts:write')).mutation(({ ctx }) => ctx.session.scopes),
    twice: t.procedure
      .concat(requireScope('posts:read'))
      .concat(requireScope('posts:write'))
      .query(() => 'ran'),
    signedIn: t.procedure.concat(protectedProcedure).query(() => 'ran'),
    admin: t.procedure.concat(requireRole('admin')).query(() => 'ran'),
    both: t.procedure
      .concat(requireScope('posts:read'))
      .concat(protectedProcedure)
      .query(() => 'ran'),
    ticks: t.procedure.concat(requireScope('posts:read')).subscription(async function* () {
      yield 'tick'
    }),
    endless: t.procedure.concat(requireScope('posts:read')).subscription(async function* ({ signal }) {
      yield 'begun'
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    }),
    still: t.procedure.query(() => 'the same for all'),
    open: t.procedure.query(async ({ ctx }) => (await ctx.auth.caller())?.via ?? 'nobody'),
  })
  const send = async (path: string, headers: Record<string, string>, method = 'GET') => {
    const body = method === 'POST' ? { body: '{}' } : {}
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...body }
    const req = new Request(`${ORIGIN}/api/${path}`, init)
    return fetchRequestHandler({ endpoint: '/api', router, req, createContext: authContext })
  }
  const ask = async (path: string, headers: Record<string, string>, method?: string): Promise<unknown> => {
    const response = await send(path, headers, method)
    const { result, error } = (await response.json()) as {
      result?: { data: unknown }
      error?: { data: { code: string; kind: string } }
    }
    return error ? `${error.data.code} ${error.data.kind}` : result?.data
  }
  return { auth, ask, send, adapter }
}

const NOT_A_SESSION = 'FORBIDDEN NotASession'
const LACKS_SCOPE = 'FORBIDDEN InsufficientScope'

test('requireScope admits a credential that has the scope, and says what it came with', async () => {
  const { ask } = await openApp()
  expect(await ask('scoped', { 'x-badge': 'ann posts:read' })).toBe('badge ann')
  expect(await ask('write', { 'x-badge': 'ann posts:write' }, 'POST')).toEqual(['posts:write'])
  expect(await ask('twice', { 'x-badge': 'ann posts:read posts:write' })).toBe('ran')
  expect(await ask('open', { 'x-badge': 'ann' })).toBe('badge')
})

test('it refuses one without it, one that isn’t valid, and nobody', async () => {
  const { ask } = await openApp()
  expect(await ask('scoped', { 'x-badge': 'ann posts' })).toBe(LACKS_SCOPE)
  expect(await ask('write', { 'x-badge': 'ann posts:read' }, 'POST')).toBe(LACKS_SCOPE)
  expect(await ask('twice', { 'x-badge': 'ann posts:read' })).toBe(LACKS_SCOPE)
  expect(await ask('scoped', { 'x-badge': 'nobody posts:read' })).toBe('UNAUTHORIZED InvalidToken')
  expect(await ask('scoped', {})).toBe('UNAUTHORIZED SessionRequired')
})

test('it admits people, whatever the scope', async () => {
  const { auth, ask } = await openApp()
  const response = await auth.handler(
    new Request(`${ORIGIN}/auth/signin/credentials`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN },
      body: JSON.stringify({ id: 'ann' }),
    }),
  )
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(await ask('scoped', { cookie })).toBe('cookie ann')
  expect(await ask('twice', { cookie })).toBe('ran')
  expect(await ask('both', { cookie })).toBe('ran')
})

test('every other guard refuses a credential, whatever its scopes and its user’s roles', async () => {
  const { ask } = await openApp()
  const headers = { 'x-badge': 'ann posts:read' }
  expect(await ask('signedIn', headers)).toBe(NOT_A_SESSION)
  expect(await ask('admin', headers)).toBe(NOT_A_SESSION)
  expect(await ask('both', headers)).toBe(NOT_A_SESSION)
  expect(await ask('auth.signOut', headers, 'POST')).toBe(NOT_A_SESSION)
  expect(await ask('auth.session', headers)).toBeNull()
})

test('it stands before a subscription too', async () => {
  const { send } = await openApp()
  const stream = await send('ticks', { 'x-badge': 'ann posts:read', accept: 'text/event-stream' })
  expect(await stream.text()).toContain('"tick"')
  const refused = await send('ticks', { 'x-badge': 'ann', accept: 'text/event-stream' })
  expect(await refused.text()).toContain('InsufficientScope')
})

test('a stream ends when its credential no longer counts', async () => {
  const { send, adapter } = await openApp({ revalidateAge: '0.05s' })
  const stream = await send('endless', { 'x-badge': 'ann posts:read', accept: 'text/event-stream' })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  let told = ''
  const readOn = async (until: string) => {
    while (!told.includes(until)) {
      const { done, value } = await reader.read()
      if (done) return
      told += value
    }
  }
  await readOn('begun')
  await adapter.deleteUser('ann')
  await readOn('InvalidToken')
  expect(told).toContain('UNAUTHORIZED')
  await reader.cancel()
})

test('a stream ends when the engine is closed', async () => {
  const { send, auth } = await openApp()
  const stream = await send('endless', { 'x-badge': 'ann posts:read', accept: 'text/event-stream' })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  let told = ''
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    told += step.value
    if (step.value.includes('begun')) await auth.close()
  }
  expect(told).toContain('AdapterError')
})

test('a streamed response to a credential is kept by no cache', async () => {
  const { send } = await openApp()
  const streamed = (headers: Record<string, string>) =>
    send('still?batch=1&input={}', { 'trpc-accept': 'application/jsonl', ...headers })
  expect((await streamed({ 'x-badge': 'ann' })).headers.get('cache-control')).toBe('private, no-store')
  expect((await streamed({})).headers.get('cache-control')).toBeNull()
})

test('a scope has a name', async () => {
  const { auth } = await openApp()
  expect(() => createAuthRouter(auth).requireScope('')).toThrow(/requireScope: name a scope/)
})

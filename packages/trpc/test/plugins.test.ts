import {
  createAuth,
  credentials,
  definePlugin,
  instant,
  integer,
  memoryAdapter,
  mutation,
  query,
  subscription,
  table,
  text,
  user,
} from '@latchkey/core'
import { createAuthRouter, type AuthErrorData } from '@latchkey/trpc'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const ORIGIN = 'http://app.test'

/** An app's own plug-in, with a part of each kind. */
const notes = definePlugin({
  id: 'note',
  tables: {
    notes: table({ id: text(), user: user(), body: text(), at: instant() }, { unique: [['id']] }),
    counts: table({ user: user(), count: integer() }, { unique: [['user']] }),
  },
  errors: { NoteTaken: { code: 'CONFLICT', message: 'There is a note of this name.' } },
  claims: { team: z.string() },
  setup: ({ tables, error }) => ({
    operations: {
      add: mutation({
        access: 'session',
        input: z.object({ id: z.string().max(10), body: z.string() }),
        run: async ({ user: { id: userId }, now }, { id, body }) => {
          if (!(await tables.notes.insert({ id, user: userId, body, at: now() }))) throw error('NoteTaken')
          return { count: await tables.counts.increment({ user: userId, count: 1 }, 'count') }
        },
      }),
      find: query({
        access: 'session',
        input: z.object({ id: z.string() }),
        run: async ({ user: { id: userId } }, { id }) => {
          const found = await tables.notes.get({ id })
          return found?.user === userId ? found.body : null
        },
      }),
      visits: {
        mine: mutation({
          access: 'public',
          run: ({ cookie, setCookie }) => {
            const count = Number(cookie('visits') ?? 0) + 1
            setCookie('visits', String(count), { maxAge: 60 })
            return count
          },
        }),
      },
      whoami: query({ access: 'public', run: async ({ session }) => (await session())?.user.id ?? null }),
      caller: query({ access: 'caller', run: ({ current }) => current.via }),
      rename: mutation({ access: 'fresh', run: ({ current }) => current.claims }),
      guess: mutation({
        access: 'session',
        input: z.object({ pin: z.string() }),
        run: ({ attempt, user: { id } }, { pin }) =>
          attempt({ what: 'guess', whom: id }, () => (pin === '1234' ? { right: true } : null)),
      }),
      ticks: subscription({
        access: 'session',
        input: z.object({ to: z.number() }),
        async *run({ user: { id } }, { to }) {
          for (let tick = 1; tick <= to; tick++) yield `${id} ${tick}`
        },
      }),
    },
  }),
})

async function openApp() {
  let now = Date.now()
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter: memoryAdapter(),
    clock: () => new Date(now),
    limits: { signIn: { perIdentifier: 3 } },
    plugins: [notes],
    providers: [
      credentials({ input: z.object({ id: z.string() }), identify: ({ id }) => id, authorize: ({ id }) => ({ id }) }),
    ],
  })
  const kit = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create({ errorFormatter: kit.authErrorFormatter })
  const router = t.router({ auth: kit.authRouter })
  /** Somebody with cookies of their own. */
  const open = () => {
    const jar = new Map<string, string>()
    const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const keep = (response: Response) => {
      for (const header of response.headers.getSetCookie()) {
        const [name = '', value = ''] = header.split(';', 1)[0]?.split('=') ?? []
        jar.set(name, value)
      }
      return response
    }
    const send = async (input: string, init: RequestInit = {}) => {
      const req = new Request(input, init)
      req.headers.set('cookie', cookie())
      if (!req.headers.has('origin')) req.headers.set('origin', ORIGIN)
      const isTrpc = new URL(req.url).pathname.startsWith('/trpc/')
      return keep(
        await (isTrpc
          ? fetchRequestHandler({ endpoint: '/trpc', router, req, createContext: kit.authContext })
          : auth.handler(req)),
      )
    }
    const client = createTRPCClient<typeof router>({
      links: [httpBatchLink({ url: `${ORIGIN}/trpc`, fetch: (url, init) => send(url as string, init as RequestInit) })],
    })
    const rest = async (
      method: 'GET' | 'POST',
      path: string,
      input?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const search =
        method === 'GET' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
      const body = method === 'POST' ? { body: JSON.stringify(input ?? {}) } : {}
      const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...body }
      const response = await send(`${ORIGIN}/auth/${path}${search}`, init)
      return { status: response.status, body: (await response.json()) as unknown }
    }
    const signIn = async (id: string) => void (await rest('POST', 'signin/credentials', { id }))
    return {
      client,
      rest,
      signIn,
      jar,
      send,
      ctx: () => kit.authContext({ headers: new Headers({ cookie: cookie(), origin: ORIGIN }) }).auth,
    }
  }
  return { auth, open, turn: (seconds: number) => void (now += seconds * 1_000) }
}

/** How a call over tRPC fails. */
async function failure(
  call: Promise<unknown>,
): Promise<(AuthErrorData<string> & { readonly message: string }) | 'none'> {
  try {
    await call
    return 'none'
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    return { ...(error.data as AuthErrorData<string>), message: error.message }
  }
}

describe('a plug-in’s operations are on every face', () => {
  test('as procedures, typed on the client', async () => {
    const person = (await openApp()).open()
    await person.signIn('ann')
    expect(await person.client.auth.note.add.mutate({ id: 'a', body: 'milk' })).toEqual({ count: 1 })
    expect(await person.client.auth.note.add.mutate({ id: 'b', body: 'eggs' })).toEqual({ count: 2 })
    expect(await person.client.auth.note.find.query({ id: 'b' })).toBe('eggs')
    expect(await person.client.auth.note.whoami.query()).toBe('ann')
    expect(await person.client.auth.note.caller.query()).toBe('cookie')
  })

  test('as addresses of the handler', async () => {
    const person = (await openApp()).open()
    await person.signIn('ann')
    expect(await person.rest('POST', 'note/add', { id: 'a', body: 'milk' })).toEqual({
      status: 200,
      body: { count: 1 },
    })
    expect(await person.rest('GET', 'note/find', { id: 'a' })).toEqual({ status: 200, body: 'milk' })
    expect(await person.rest('GET', 'note/whoami')).toEqual({ status: 200, body: 'ann' })
    expect(await person.rest('GET', 'note/add')).toMatchObject({ status: 404 })
    expect(await person.rest('GET', 'note/ticks')).toMatchObject({ status: 404 })
  })

  test('as methods of ctx.auth', async () => {
    const person = (await openApp()).open()
    await person.signIn('ann')
    const { note } = person.ctx()
    expect(await note.add({ id: 'a', body: 'milk' })).toEqual({ count: 1 })
    expect(await note.find({ id: 'a' })).toBe('milk')
    expect(await note.whoami()).toBe('ann')
    const ticks: string[] = []
    for await (const tick of note.ticks({ to: 2 })) ticks.push(tick)
    expect(ticks).toEqual(['ann 1', 'ann 2'])
  })

  test('a subscription streams over server-sent events', async () => {
    const { open } = await openApp()
    const person = open()
    await person.signIn('ann')
    const stream = await person.send(`${ORIGIN}/trpc/auth.note.ticks?input=${encodeURIComponent('{"to":2}')}`, {
      headers: { accept: 'text/event-stream' },
    })
    const told = await stream.text()
    expect(told).toContain('"ann 1"')
    expect(told).toContain('"ann 2"')
  })
})

describe('before it runs', () => {
  test('nobody is refused, on every face', async () => {
    const nobody = (await openApp()).open()
    expect(await failure(nobody.client.auth.note.find.query({ id: 'a' }))).toMatchObject({ kind: 'SessionRequired' })
    expect(await nobody.rest('GET', 'note/find', { id: 'a' })).toMatchObject({
      status: 401,
      body: { error: { kind: 'SessionRequired' } },
    })
    await expect(nobody.ctx().note.find({ id: 'a' })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await failure(nobody.client.auth.note.caller.query())).toMatchObject({ kind: 'SessionRequired' })
    expect(await nobody.client.auth.note.whoami.query()).toBeNull()
  })

  test('another site’s page changes nothing', async () => {
    const person = (await openApp()).open()
    await person.signIn('ann')
    const answer = await person.rest('POST', 'note/add', { id: 'a', body: 'milk' }, { origin: 'https://evil.test' })
    expect(answer).toMatchObject({ status: 403, body: { error: { kind: 'UntrustedOrigin' } } })
    expect(await person.rest('GET', 'note/find', { id: 'a' })).toEqual({ status: 200, body: null })
  })

  test('what doesn’t fit its schema is refused, and the fields are named', async () => {
    const person = (await openApp()).open()
    await person.signIn('ann')
    const wrong = { id: 'x'.repeat(11), body: 1 } as unknown as { id: string; body: string }
    expect(await failure(person.client.auth.note.add.mutate(wrong))).toMatchObject({
      kind: 'InvalidInput',
      fields: ['id', 'body'],
    })
    expect(await person.rest('POST', 'note/add', wrong)).toMatchObject({
      status: 400,
      body: { error: { fields: ['id', 'body'] } },
    })
    expect(await person.rest('GET', 'note/find')).toMatchObject({ status: 400 })
  })

  test('what needs a recent sign-in asks for one', async () => {
    const { open, turn } = await openApp()
    const person = open()
    await person.signIn('ann')
    expect(await person.client.auth.note.rename.mutate()).toEqual({})
    turn(601)
    expect(await failure(person.client.auth.note.rename.mutate())).toMatchObject({ kind: 'StepUpRequired' })
  })
})

test('its own kinds reach a client with their code and fixed text', async () => {
  const person = (await openApp()).open()
  await person.signIn('ann')
  await person.client.auth.note.add.mutate({ id: 'a', body: 'milk' })
  const again = { id: 'a', body: 'eggs' }
  expect(await failure(person.client.auth.note.add.mutate(again))).toMatchObject({
    kind: 'NoteTaken',
    code: 'CONFLICT',
    httpStatus: 409,
    message: 'NoteTaken: There is a note of this name.',
  })
  expect(await person.rest('POST', 'note/add', again)).toEqual({
    status: 409,
    body: { error: { kind: 'NoteTaken', code: 'CONFLICT', message: 'NoteTaken: There is a note of this name.' } },
  })
})

test('a check that can be guessed at is counted', async () => {
  const person = (await openApp()).open()
  await person.signIn('ann')
  const guess = (pin: string) => failure(person.client.auth.note.guess.mutate({ pin }))
  for (let time = 0; time < 3; time++) expect(await guess('0000')).toMatchObject({ kind: 'CredentialsSignin' })
  expect(await guess('1234')).toMatchObject({ kind: 'RateLimited' })
})

test('its cookies have its id in their names, and are the browser’s own', async () => {
  const { open } = await openApp()
  const [one, other] = [open(), open()]
  expect(await one.client.auth.note.visits.mine.mutate()).toBe(1)
  expect(await one.client.auth.note.visits.mine.mutate()).toBe(2)
  expect(await one.rest('POST', 'note/visits/mine')).toEqual({ status: 200, body: 3 })
  expect(await other.client.auth.note.visits.mine.mutate()).toBe(1)
  expect([...one.jar.keys()].join()).toMatch(/note.*visits/)
})

test('no plug-in takes the place of a member of ctx.auth, whichever it is', () => {
  const options = { secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', baseUrl: ORIGIN }
  const auth = createAuth(options)
  const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
  const contexts = [
    createAuthRouter(auth).authContext({ headers: {} }).auth,
    auth.createContext({ method: undefined, header: () => null, response }),
  ]
  const names = contexts.flatMap(namesOf)
  expect(names).toContain('requireSession')
  for (const id of names) {
    const plugin = definePlugin({ id, setup: () => ({}) })
    expect(() => createAuth({ ...options, plugins: [plugin] }), id).toThrow(/can't be a plug-in's id/)
  }
})

/** The names of an object's members, its prototypes' among them. */
function namesOf(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value)
  const own = Object.getOwnPropertyNames(value)
  return typeof prototype === 'object' && prototype !== null ? [...own, ...namesOf(prototype)] : own
}

test('an operation that can do without input does, however a call says that there is none', async () => {
  const pet = z.object({ name: z.string() })
  const pets = definePlugin({
    id: 'pet',
    setup: () => ({
      operations: {
        feed: mutation({ access: 'public', input: pet.optional(), run: (_, given) => given?.name ?? 'all' }),
        count: mutation({ access: 'public', input: z.void(), run: () => 2 }),
        wash: mutation({
          access: 'public',
          input: z.object({ warm: z.boolean().default(true) }),
          run: (_, { warm }) => warm,
        }),
        name: mutation({ access: 'public', input: pet, run: (_, { name }) => name }),
      },
    }),
  })
  const { handler } = createAuth({ secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', baseUrl: ORIGIN, plugins: [pets] })
  const call = async (path: string, body?: string) => {
    const headers = { origin: ORIGIN, 'content-type': 'application/json' }
    const init = { method: 'POST', headers, ...(body !== undefined && { body }) }
    const answer: unknown = await (await handler(new Request(`${ORIGIN}/auth/pet/${path}`, init))).json()
    return answer
  }
  for (const body of [undefined, '', '{}', '{"flow":"cookie"}']) {
    expect(await Promise.all(['feed', 'count', 'wash'].map((path) => call(path, body))), body).toEqual(['all', 2, true])
    expect(await call('name', body)).toMatchObject({ error: { kind: 'InvalidInput', fields: ['name'] } })
  }
  expect(await call('feed', '{"nam":"Rex"}')).toMatchObject({ error: { kind: 'InvalidInput', fields: ['name'] } })
})

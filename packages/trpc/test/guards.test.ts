import { AuthError, createAuth, credentials, type Session } from '@latchkey/core'
import { authErrorFormatter, createAuthRouter, readAuthError } from '@latchkey/trpc'
import { initTRPC, TRPCError } from '@trpc/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Engine, openEngine } from './support/app.ts'

type Context = ReturnType<Engine['kit']['authContext']>

/** A caller's headers after a real sign-in through the engine. */
async function signedInAs({ kit }: Engine, name: string): Promise<{ readonly headers: Headers }> {
  const cookies = new Map<string, string>()
  const { auth } = kit.authContext({
    headers: new Headers(),
    setCookie: (cookie, _, { value }) => cookies.set(cookie, value),
  })
  await auth.signIn({ provider: 'credentials', name, password: 'right' })
  return { headers: new Headers({ cookie: [...cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; ') }) }
}

const NOBODY = { headers: new Headers() }

/** How a server-side call ends: `'ran'`, or the code and kind of its error. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ran'
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    return `${error.code} ${readAuthError(error)?.kind}`
  }
}

const root = () => initTRPC.context<Context>().create({ errorFormatter: authErrorFormatter })
type Root = ReturnType<typeof root>

/** Builds one guarded procedure and returns how it ends for each of these people. */
async function decide(
  guard: (engine: Engine, t: Root) => { query: Root['procedure']['query'] },
  people: readonly (string | null)[],
) {
  const engine = await openEngine()
  const t = root()
  const router = t.router({ guarded: guard(engine, t).query(() => 'ran') })
  const outcomes: Record<string, string> = {}
  for (const person of people) {
    const from = person === null ? NOBODY : await signedInAs(engine, person)
    outcomes[person ?? 'nobody'] = await outcome(router.createCaller(engine.kit.authContext(from)).guarded())
  }
  return { outcomes, log: engine.log.map(({ message }) => message) }
}

const REQUIRED = 'UNAUTHORIZED SessionRequired'
const DENIED = 'FORBIDDEN AccessDenied'

describe('H8 what each guard answers', () => {
  const table: readonly { guard: string; make: Parameters<typeof decide>[0]; outcomes: Record<string, string> }[] = [
    {
      guard: 'protectedProcedure',
      make: ({ kit }, t) => t.procedure.concat(kit.protectedProcedure),
      outcomes: { nobody: REQUIRED, bob: 'ran', ada: 'ran' },
    },
    {
      guard: 'protectedMiddleware',
      make: ({ kit }, t) => t.procedure.use(kit.protectedMiddleware),
      outcomes: { nobody: REQUIRED, bob: 'ran', ada: 'ran' },
    },
    {
      guard: "requireRole('admin')",
      make: ({ kit }, t) => t.procedure.concat(kit.requireRole('admin')),
      outcomes: { nobody: REQUIRED, bob: DENIED, ada: 'ran' },
    },
    {
      guard: "requireRole.middleware('admin')",
      make: ({ kit }, t) => t.procedure.use(kit.requireRole.middleware('admin')),
      outcomes: { nobody: REQUIRED, bob: DENIED, ada: 'ran' },
    },
    {
      guard: "H4 requireRole('admin', 'member'): any of them",
      make: ({ kit }, t) => t.procedure.concat(kit.requireRole('admin', 'member')),
      outcomes: { nobody: REQUIRED, bob: 'ran', ada: 'ran' },
    },
    {
      guard: 'H4 two requireRole: all of them',
      make: ({ kit }, t) => t.procedure.concat(kit.requireRole('member')).concat(kit.requireRole('admin')),
      outcomes: { nobody: REQUIRED, bob: DENIED, ada: 'ran' },
    },
    {
      guard: "requireClaim('org', 'acme')",
      make: ({ kit }, t) => t.procedure.concat(kit.requireClaim('org', 'acme')),
      outcomes: { nobody: REQUIRED, bob: DENIED, eve: DENIED, ada: 'ran' },
    },
    {
      guard: 'requireClaim with a predicate, which a missing claim never reaches',
      make: ({ kit }, t) => t.procedure.concat(kit.requireClaim('org', (org) => org.startsWith('acme'))),
      outcomes: { nobody: REQUIRED, bob: DENIED, eve: DENIED, ada: 'ran' },
    },
    {
      guard: 'requireClaim.middleware',
      make: ({ kit }, t) => t.procedure.use(kit.requireClaim.middleware('org', async (org) => org === 'globex')),
      outcomes: { nobody: REQUIRED, bob: 'ran', ada: DENIED },
    },
    {
      guard: 'requireCondition',
      make: ({ kit }, t) =>
        t.procedure.concat(kit.requireCondition('is Bob', ({ session }) => session.user.id === 'bob')),
      outcomes: { nobody: REQUIRED, bob: 'ran', ada: DENIED },
    },
    {
      guard: 'guards of all kinds, one behind another',
      make: ({ kit }, t) =>
        t.procedure
          .concat(kit.requireFresh())
          .concat(kit.requireRole('admin'))
          .concat(kit.requireClaim('org', 'acme'))
          .concat(kit.requireCondition('yes', async () => true)),
      outcomes: { nobody: REQUIRED, bob: DENIED, ada: 'ran' },
    },
  ]

  test.each(table.map(({ guard, ...row }) => [guard, row] as const))('%s', async (_, { make, outcomes }) => {
    const { outcomes: found, log } = await decide(
      make,
      Object.keys(outcomes).map((name) => (name === 'nobody' ? null : name)),
    )
    expect(found).toEqual(outcomes)
    expect(log.filter((line) => line.includes('denied'))).toEqual([])
  })
})

describe('H8 a check that gives no clear yes denies', () => {
  afterEach(() => void vi.useRealTimers())

  /** How a call ends whose condition is this, for Ada, who is signed in. */
  const decideFor = (check: () => unknown) =>
    decide(({ kit }, t) => t.procedure.concat(kit.requireCondition('quirky', check as () => boolean)), ['ada'])

  test.each<{ check: string; run: () => unknown; ends: string; logged: boolean }>([
    { check: 'answers true', run: () => true, ends: 'ran', logged: false },
    { check: 'answers false', run: () => false, ends: DENIED, logged: false },
    { check: 'promises true', run: async () => true, ends: 'ran', logged: false },
    { check: 'promises false', run: async () => false, ends: DENIED, logged: false },
    { check: 'answers 1', run: () => 1, ends: DENIED, logged: true },
    { check: "promises 'true'", run: async () => 'true', ends: DENIED, logged: true },
    { check: 'answers nothing', run: () => undefined, ends: DENIED, logged: true },
    { check: 'answers an object', run: () => ({ ok: true }), ends: DENIED, logged: true },
    { check: 'throws', run: () => { throw new Error('no such table: posts') }, ends: DENIED, logged: true }, // prettier-ignore
    { check: 'rejects', run: () => Promise.reject(new Error('no such table: posts')), ends: DENIED, logged: true },
    { check: 'rejects with nothing', run: () => Promise.reject(), ends: DENIED, logged: true },
    { check: 'throws an AuthError', run: () => { throw new AuthError('StepUpRequired') }, ends: 'FORBIDDEN StepUpRequired', logged: false }, // prettier-ignore
    { check: 'throws a TRPCError', run: () => { throw new TRPCError({ code: 'NOT_FOUND' }) }, ends: 'NOT_FOUND undefined', logged: false }, // prettier-ignore
  ])('it $check: $ends', async ({ run, ends, logged }) => {
    const { outcomes, log } = await decideFor(run)
    expect(outcomes).toEqual({ ada: ends })
    expect(log).toEqual(logged ? ["requireCondition('quirky') failed, and the call was denied"] : [])
  })

  test('it never answers: denied after five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let start = () => {}
    const started = new Promise<void>((resolve) => (start = resolve))
    const deciding = decideFor(() => {
      start()
      return new Promise(() => {})
    })
    await started
    await vi.advanceTimersByTimeAsync(4_999)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await deciding).toEqual({
      outcomes: { ada: DENIED },
      log: ["requireCondition('quirky') failed, and the call was denied"],
    })
  })

  test('the client reads the fixed message, the log the cause', async () => {
    const engine = await openEngine()
    const t = root()
    const cause = new Error('no such table: posts')
    const check = () => Promise.reject(cause)
    const router = t.router({
      guarded: t.procedure.concat(engine.kit.requireCondition('own post', check)).query(() => 'ran'),
    })
    const caller = router.createCaller(engine.kit.authContext(await signedInAs(engine, 'ada')))
    await expect(caller.guarded()).rejects.toMatchObject({ message: 'AccessDenied: You may not do this.' })
    expect(engine.log).toEqual([{ message: "requireCondition('own post') failed, and the call was denied", cause }])
  })
})

test('a condition sees the session, the parsed input and the context of the app', async () => {
  const engine = await openEngine()
  const t = initTRPC.context<Context & { readonly owner: string }>().create()
  const seen: unknown[] = []
  const own = engine.kit.requireCondition.middleware(
    'own post',
    ({
      session,
      input,
      ctx,
    }: {
      session: Session
      input: { id: number }
      ctx: { auth: Context['auth']; owner: string }
    }) => {
      seen.push(session.user.id, input, ctx.owner)
      return ctx.owner === session.user.id
    },
  )
  const router = t.router({
    edit: t.procedure
      .input(z.object({ id: z.coerce.number() }))
      .use(own)
      .mutation(({ input }) => input.id),
  })
  const context = engine.kit.authContext(await signedInAs(engine, 'ada'))
  expect(await router.createCaller({ ...context, owner: 'ada' }).edit({ id: '7' })).toBe(7)
  expect(seen).toEqual(['ada', { id: 7 }, 'ada'])
  expect(await outcome(router.createCaller({ ...context, owner: 'bob' }).edit({ id: 7 }))).toBe(DENIED)
})

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  '%s is a member of every object and no claim',
  async (key) => {
    const { outcomes } = await decide(
      ({ kit }, t) => t.procedure.concat(kit.requireClaim(key as 'org', () => true)),
      ['ada'],
    )
    expect(outcomes).toEqual({ ada: DENIED })
  },
)

describe('requireFresh', () => {
  const MINUTE = 60_000

  /** How a call ends that long after signing in. */
  async function decideAfter(ms: number, options?: { readonly maxAge: '5m' | 1 }) {
    const engine = await openEngine()
    const t = root()
    const router = t.router({ guarded: t.procedure.concat(engine.kit.requireFresh(options)).query(() => 'ran') })
    const from = await signedInAs(engine, 'ada')
    engine.pass(ms)
    return outcome(router.createCaller(engine.kit.authContext(from)).guarded())
  }

  test.each([
    { after: 0, ends: 'ran' },
    { after: 10 * MINUTE, ends: 'ran' },
    { after: 10 * MINUTE + 1, ends: 'FORBIDDEN StepUpRequired' },
    { after: 5 * MINUTE, options: { maxAge: '5m' }, ends: 'ran' },
    { after: 5 * MINUTE + 1, options: { maxAge: '5m' }, ends: 'FORBIDDEN StepUpRequired' },
    { after: 1_001, options: { maxAge: 1 }, ends: 'FORBIDDEN StepUpRequired' },
  ] as const)('$after ms after the sign-in: $ends', async ({ after, ends, ...rest }) => {
    expect(await decideAfter(after, 'options' in rest ? rest.options : undefined)).toBe(ends)
  })

  test('C3 a session that does not say when it began is never fresh', async () => {
    const engine = await openEngine()
    const t = root()
    const router = t.router({ guarded: t.procedure.concat(engine.kit.requireFresh()).query(() => 'ran') })
    const { headers } = await signedInAs(engine, 'ada')
    const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
    const auth = engine.auth.createContext({ method: undefined, header: (name) => headers.get(name), response })
    const undated = { ...auth, requireSession: async () => ({ ...(await auth.requireSession()), authTime: null }) }
    expect(await outcome(router.createCaller({ auth }).guarded())).toBe('ran')
    expect(await outcome(router.createCaller({ auth: undated }).guarded())).toBe('FORBIDDEN StepUpRequired')
  })
})

describe('H3 Z05 role names are exact', () => {
  const ODD = [
    'admin ',
    ' admin',
    'Admin',
    'ADMIN',
    'admin,member',
    'admin;member',
    '*',
    '',
    '__proto__',
    'constructor',
    'toString',
    'admi',
    'admin\u0000',
  ]

  /** How `requireRole(role)` ends for someone whose token holds these roles, if no roles are declared. */
  async function decideRole(role: string, held: unknown) {
    const auth = createAuth({
      secret: 'jJ0vQv2m5n8s1w4z7C0F3I6L9O2R5U8X',
      providers: [
        credentials({ input: z.object({ name: z.string() }), identify: null, authorize: () => ({ id: 'ada' }) }),
      ],
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, roles: held as readonly string[] } : token) },
    })
    const kit = createAuthRouter(auth)
    const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create()
    const router = t.router({ guarded: t.procedure.concat(kit.requireRole(role)).query(() => 'ran') })
    let cookie = ''
    const { auth: signingIn } = kit.authContext({
      headers: {},
      setCookie: (name, _, { value }) => (cookie = `${name}=${value}`),
    })
    await signingIn.signIn({ provider: 'credentials', name: 'ada' })
    return outcome(router.createCaller(kit.authContext({ headers: { cookie } })).guarded())
  }

  test('the name itself matches', async () => {
    expect(await decideRole('admin', ['member', 'admin'])).toBe('ran')
    expect(await decideRole('__proto__', ['__proto__'])).toBe('ran')
  })

  test.each(ODD)('%j is not admin', async (name) => {
    expect(await decideRole('admin', [name])).toBe(DENIED)
  })

  test.each(['__proto__', 'constructor', 'toString', 'length', '0'])(
    'requireRole(%j) finds nothing in somebody without it',
    async (role) => {
      expect(await decideRole(role, ['admin'])).toBe(DENIED)
    },
  )

  test('names that are not declared grant nothing, whatever a row holds', async () => {
    const { outcomes } = await decide(
      ({ kit }, t) => t.procedure.concat(kit.requireRole('admin', 'member')),
      ['eve', 'ada'],
    )
    expect(outcomes).toEqual({ eve: DENIED, ada: 'ran' })
  })
})

describe('C7 a guard that cannot be meant throws where it is made, naming what is wrong', () => {
  test.each<{ mistake: string; make: (kit: Engine['kit']) => unknown; names: RegExp }>([
    {
      mistake: 'an undeclared role',
      make: (kit) => kit.requireRole('admn' as 'admin'),
      names: /requireRole: "admn" is not declared in `roles` \(member, admin\)/,
    },
    {
      mistake: 'no role',
      make: (kit) => Reflect.apply(kit.requireRole, undefined, []),
      names: /requireRole: name at least one role/,
    },
    {
      mistake: 'an undeclared role for use()',
      make: (kit) => kit.requireRole.middleware('Admin' as 'admin'),
      names: /"Admin" is not declared/,
    },
    {
      mistake: 'a claim compared with an object',
      make: (kit) => kit.requireClaim('org', {} as 'acme'),
      names: /requireClaim: "org"/,
    },
    {
      mistake: 'no duration',
      make: (kit) => kit.requireFresh({ maxAge: 'soon' as '5m' }),
      names: /requireFresh\.maxAge/,
    },
    { mistake: 'no time at all', make: (kit) => kit.requireFresh({ maxAge: 0 }), names: /requireFresh\.maxAge/ },
  ])('$mistake', async ({ make, names }) => {
    const { kit } = await openEngine()
    expect(() => make(kit)).toThrow(
      expect.objectContaining({ name: 'AuthError', kind: 'Configuration', message: expect.stringMatching(names) }),
    )
  })
})

describe('fact 2 a context without auth', () => {
  test.each<{ what: string; call: (caller: ReturnType<typeof unmounted>) => Promise<unknown> }>([
    { what: 'a guard', call: (caller) => caller.guarded() },
    { what: 'a procedure of the auth router', call: (caller) => caller.auth.session() },
    { what: 'a mutation of the auth router', call: (caller) => caller.auth.signOut() },
  ])('$what says so in one clear error', async ({ call }) => {
    const caller = unmounted((await openEngine()).kit)
    const error: unknown = await call(caller).catch((thrown: unknown) => thrown)
    expect(readAuthError(error)?.kind).toBe('Configuration')
    expect(error).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: expect.stringMatching(
        /^Configuration: .*ctx\.auth is missing: spread authContext\(opts\) into what createContext returns/,
      ),
    })
  })

  /** An app that forgot it; plain nesting compiles all the same. */
  function unmounted(kit: Engine['kit']) {
    const t = initTRPC.context<{ db: string }>().create()
    const guarded = (t as unknown as Root).procedure.concat(kit.protectedProcedure).query(() => 'ran')
    return t.router({ auth: kit.authRouter, guarded }).createCaller({ db: 'the database' })
  }
})

test('M23 H8 C14 a failing store is an unavailable service, never "signed out"', async () => {
  const engine = await openEngine()
  const t = root()
  const router = t.router({ guarded: t.procedure.concat(engine.kit.requireRole('admin')).query(() => 'ran') })
  const from = await signedInAs(engine, 'ada')
  engine.store.failWith(new Error('connection refused'))
  expect(await outcome(router.createCaller(engine.kit.authContext(from)).guarded())).toBe(
    'SERVICE_UNAVAILABLE AdapterError',
  )
})

test('Z05 a role that is taken away is gone with the next request', async () => {
  const engine = await openEngine()
  const t = root()
  const router = t.router({ guarded: t.procedure.concat(engine.kit.requireRole('admin')).query(() => 'ran') })
  const from = await signedInAs(engine, 'ada')
  expect(await outcome(router.createCaller(engine.kit.authContext(from)).guarded())).toBe('ran')
  await engine.store.adapter.updateUser({ id: 'ada', roles: ['member'] })
  expect(await outcome(router.createCaller(engine.kit.authContext(from)).guarded())).toBe(DENIED)
})

test('S8 the session behind a guard holds declared claims only; the whole map is asked for', async () => {
  const engine = await openEngine({ strategy: 'jwt' })
  const t = root()
  const router = t.router({
    session: t.procedure.concat(engine.kit.protectedProcedure).query(({ ctx }) => ctx.session),
    note: t.procedure
      .concat(engine.kit.protectedProcedure)
      .query(async ({ ctx }) => (await ctx.auth.token())?.['note' as never]),
  })
  const caller = router.createCaller(engine.kit.authContext(await signedInAs(engine, 'ada')))
  expect(JSON.stringify(await caller.session())).not.toContain('stays on the server')
  expect(await caller.note()).toBe('stays on the server')
})

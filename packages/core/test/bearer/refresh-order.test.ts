import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSessionBus, memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { createNative, expectTokens, type Tokens } from '../support/native.ts'

const WINDOW = 30

/** An engine whose callbacks do what `now` says at the moment. */
function open(strategy: 'jwt' | 'database', overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const adapter = memoryAdapter()
  const now: { jwt: () => object; session: () => unknown; update: () => boolean } = {
    jwt: () => ({}),
    session: () => ({ user: null }),
    update: () => true,
  }
  const auth = makeAuth({
    adapter,
    session: { strategy },
    tokens: { enabled: true, reuseWindow: `${WINDOW}s` },
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
    clock: clock.read,
    callbacks: {
      jwt: ({ token }) => ({ ...token, ...now.jwt() }),
      session: () => now.session(),
      update: () => now.update(),
    },
    ...overrides,
  })
  return { auth, adapter, clock, now, native: createNative(auth) }
}

type Scene = ReturnType<typeof open>

const refresh = async ({ native }: Scene, { refreshToken }: Tokens) => native.post('/token', { refreshToken })
const refreshWithPatch = async ({ native }: Scene, { refreshToken }: Tokens) =>
  native.post('/token', { refreshToken, update: { org: 'b' } })
const updateSession = async ({ native }: Scene, { accessToken, refreshToken }: Tokens) =>
  native.post('/session', { refreshToken, org: 'b' }, native.bearer(accessToken))

const fail = () => {
  throw new Error('the directory is down')
}

const FAILURES: readonly {
  readonly what: string
  readonly ask: (scene: Scene, tokens: Tokens) => Promise<Response>
  readonly spoil: (now: Scene['now']) => void
  readonly kind: string
}[] = [
  { what: 'the jwt callback throws', ask: refresh, spoil: (now) => (now.jwt = fail), kind: 'CallbackRouteError' },
  { what: 'a claim does not fit', ask: refresh, spoil: (now) => (now.jwt = () => ({ org: 7 })), kind: 'InvalidClaim' },
  {
    what: 'a claim is a BigInt',
    ask: refresh,
    spoil: (now) => (now.jwt = () => ({ balance: 1n })),
    kind: 'CallbackRouteError',
  },
  {
    what: 'the token outgrew what is taken',
    ask: refresh,
    spoil: (now) => (now.jwt = () => ({ note: 'x'.repeat(9_000) })),
    kind: 'SessionTooLarge',
  },
  {
    what: 'the session callback throws',
    ask: refresh,
    spoil: (now) => (now.session = fail),
    kind: 'CallbackRouteError',
  },
  {
    what: 'the session has a BigInt',
    ask: refresh,
    spoil: (now) => (now.session = () => ({ user: 1n })),
    kind: 'CallbackRouteError',
  },
  {
    what: 'the update callback refuses',
    ask: refreshWithPatch,
    spoil: (now) => (now.update = () => false),
    kind: 'AccessDenied',
  },
  {
    what: 'the session callback throws after a patch',
    ask: refreshWithPatch,
    spoil: (now) => (now.session = fail),
    kind: 'CallbackRouteError',
  },
  {
    what: 'the session callback throws in updateSession',
    ask: updateSession,
    spoil: (now) => (now.session = fail),
    kind: 'CallbackRouteError',
  },
  {
    what: 'the session has a BigInt in updateSession',
    ask: updateSession,
    spoil: (now) => (now.session = () => ({ user: 1n })),
    kind: 'CallbackRouteError',
  },
]

describe.each(['jwt', 'database'] as const)('under the %s strategy', (strategy) => {
  test.each([{ ask: refresh }, { ask: refreshWithPatch }, { ask: updateSession }])(
    'R12 a refresh that succeeds consumes its token ($ask.name)',
    async ({ ask }) => {
      const scene = open(strategy)
      const tokens = await scene.native.signIn()
      expect((await ask(scene, tokens)).status).toBe(200)
      scene.clock.turn(WINDOW + 1)
      expect(await scene.native.refresh(tokens.refreshToken)).toBe('TokenReuse')
    },
  )

  test.each(FAILURES)('M09 R12 one that fails consumes nothing: $what', async ({ ask, spoil, kind }) => {
    const scene = open(strategy)
    const tokens = await scene.native.signIn()
    const sound = { ...scene.now }
    spoil(scene.now)
    const response = await ask(scene, tokens)
    expect(response.ok).toBe(false)
    expect(await readKind(response)).toBe(kind)
    Object.assign(scene.now, sound)
    scene.clock.turn(WINDOW + 1)
    const [row] = await scene.adapter.listSessions({ userId: 'ann', now: scene.clock.read() })
    expect(row?.generation).toBe(0)
    expectTokens(await scene.native.refresh(tokens.refreshToken))
  })

  test('M09 R12 C13 a bus that throws fails no refresh', async () => {
    const bus = createSessionBus()
    const deaf = {
      ...bus,
      publish: () => {
        throw new Error('the wire is cut')
      },
    }
    const { native } = open(strategy, { bus: deaf })
    const first = await native.signIn()
    const second = expectTokens(await native.refresh(first.refreshToken))
    expect((await updateSession({ native } as Scene, second)).status).toBe(200)
  })

  test('M09 R12 a refresh token that its cookie cannot hold is refused before it is consumed', async () => {
    const { auth, now, adapter, clock } = open(strategy)
    const browser = createBrowser(auth)
    await browser.signIn(undefined, undefined, { flow: 'token', refresh: 'cookie' })
    now.jwt = () => ({ note: 'x'.repeat(3_500) })
    const response = await browser.post('/auth/token')
    expect([response.status, await readKind(response)]).toEqual([500, 'SessionTooLarge'])
    const [row] = await adapter.listSessions({ userId: 'ann', now: clock.read() })
    expect(row?.generation).toBe(0)
    now.jwt = () => ({})
    expect((await browser.post('/auth/token')).status).toBe(200)
  })

  test('M09 R12 a store that honours its deadline lets a refresh that was given up consume nothing', async () => {
    const store = memoryAdapter()
    let isLocked = false
    const rotateSession: SessionAdapter['rotateSession'] = async (rotation) => {
      // As a database does whose statement waits for a lock longer than it may.
      if (isLocked) await waitFor(60, 'canceling statement due to statement timeout')
      return store.rotateSession(rotation)
    }
    const adapter = { ...store, rotateSession }
    const { native, clock } = open(strategy, { adapter, adapterTimeout: 0.03 })
    const tokens = await native.signIn()
    isLocked = true
    expect(await native.refresh(tokens.refreshToken)).toBe('AdapterError')
    isLocked = false
    await new Promise((resolve) => setTimeout(resolve, 100))
    clock.turn(WINDOW + 1)
    expectTokens(await native.refresh(tokens.refreshToken))
  })

  test('M09 the session event tells of a refresh only after it was written', async () => {
    const told: string[] = []
    const store = memoryAdapter()
    let isDead = false
    const rotateSession: SessionAdapter['rotateSession'] = async (rotation) => {
      if (isDead) throw new Error('connection refused')
      return store.rotateSession(rotation)
    }
    const events = { session: ({ sessionId }: { readonly sessionId: string }) => void told.push(sessionId) }
    const adapter = { ...store, rotateSession }
    const { native } = open(strategy, { adapter, events })
    const { refreshToken, sessionId } = await native.signIn()
    isDead = true
    expect(await native.refresh(refreshToken)).toBe('AdapterError')
    expect(told).toEqual([sessionId])
    isDead = false
    expectTokens(await native.refresh(refreshToken))
    expect(told).toEqual([sessionId, sessionId])
  })
})

function waitFor(milliseconds: number, reason: string): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(reason)), milliseconds))
}

test('M09 the update callback knows whom a refresh with a patch is for', async () => {
  const seen: unknown[] = []
  const { native } = open('database', {
    callbacks: {
      update: ({ user, token }) => {
        seen.push([user.email, token.roles])
        return true
      },
    },
  })
  const { refreshToken } = await native.signIn()
  const response = await native.post('/token', { refreshToken, update: { org: 'b' } })
  expect(seen).toEqual([['ann@example.com', []]])
  expect((await readJson<Tokens>(response)).session?.claims).toEqual({ org: 'b' })
})

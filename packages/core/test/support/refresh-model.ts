import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionAdapter } from '../../src/index.ts'
import { makeAuth, openClock } from './auth.ts'
import { createNative, type Tokens } from './native.ts'

/** A store for one run; closed after all. */
export type OpenStore = () => Promise<SessionAdapter>

const DAY = 86_400
const WINDOW = 30
const REFRESH_AGE = 30 * DAY
const FAMILY_AGE = 90 * DAY

/**
 * The whole life of refresh token families against a model that knows nothing of how they are kept (R12). Every implementation of the
 * store runs it: alone, command by command, and with its calls interleaved as a scheduler likes.
 */
export function describeRefreshModel(name: string, openStore: OpenStore, runs: number): void {
  describe(`R12 refresh families on ${name}`, () => {
    test(`answer as the model does (${runs} runs of up to 40 commands)`, { timeout: 300_000 }, async () => {
      const commands = fc.commands(COMMANDS, { maxCommands: 40, size: 'max' })
      const property = fc.asyncProperty(commands, async (sequence) => {
        const store = await openStore()
        await fc.asyncModelRun(() => ({ model: { families: [], isDead: false }, real: openReal(store) }), sequence)
      })
      await fc.assert(property, { numRuns: runs })
    })

    test(`hold under any interleaving (${runs} schedules)`, { timeout: 300_000 }, async () => {
      const property = fc.asyncProperty(
        fc.scheduler(),
        fc.array(RACERS, { minLength: 2, maxLength: 8 }),
        async (scheduler, racers) => race(await openStore(), scheduler, racers),
      )
      await fc.assert(property, { numRuns: runs })
    })
  })
}

// ---- The model -------------------------------------------------------------------------------------------------------------------

interface ModelToken {
  readonly generation: number
  readonly issuedAt: number
  readonly value: string
}

interface ModelFamily {
  readonly user: string
  readonly startedAt: number
  readonly tokens: ModelToken[]
  generation: number
  rotatedAt: number
  isRevoked: boolean
}

interface Model {
  readonly families: ModelFamily[]
  isDead: boolean
}

/** What a refresh must answer, by the rules as they are written (R4, R9, R11), and nothing else. */
function predict(model: Model, family: ModelFamily, token: ModelToken, now: number): string {
  if (now >= token.issuedAt + REFRESH_AGE || now >= family.startedAt + FAMILY_AGE) return 'SessionExpired'
  if (model.isDead) return family.isRevoked ? 'AdapterError or SessionRevoked' : 'AdapterError'
  if (family.isRevoked) return 'SessionRevoked'
  const behind = family.generation - token.generation
  if (behind === 0) return 'rotates'
  return behind === 1 && now - family.rotatedAt <= WINDOW ? 'joins' : 'TokenReuse'
}

// ---- The system ------------------------------------------------------------------------------------------------------------------

function openReal(store: SessionAdapter) {
  const clock = openClock()
  let isDead = false
  const guarded = Object.fromEntries(
    Object.entries(store).map(([method, call]) => [
      method,
      (...args: unknown[]) =>
        isDead ? Promise.reject(new Error('the store is down')) : Reflect.apply(call, store, args),
    ]),
  ) as unknown as SessionAdapter // the same methods, until the store is killed
  const start = () => {
    const auth = makeAuth({
      adapter: guarded,
      session: { strategy: 'jwt' },
      tokens: { enabled: true },
      clock: clock.read,
      limits: { signIn: false },
      // In the background, so that the scheduler would have a call that nobody waits for.
      cleanup: false,
    })
    return createNative(auth)
  }
  let native = start()
  return {
    clock,
    get native() {
      return native
    },
    /** A new instance on the same store: whatever only lived in memory is gone. */
    restart: () => void (native = start()),
    setDead: (dead: boolean) => void (isDead = dead),
  }
}

type Real = ReturnType<typeof openReal>
type Command = fc.AsyncCommand<Model, Real>

class SignIn implements Command {
  readonly user: string
  constructor(user: string) {
    this.user = user
  }
  check = (model: Model) => !model.isDead
  async run(model: Model, real: Real) {
    const tokens = await real.native.signIn(`${this.user}@example.com`)
    const now = real.clock.seconds()
    model.families.push({
      user: this.user,
      startedAt: now,
      tokens: [{ generation: 0, issuedAt: now, value: tokens.refreshToken }],
      generation: 0,
      rotatedAt: -Infinity,
      isRevoked: false,
    })
  }
  toString = () => `signIn(${this.user})`
}

/** Presents any token that was ever issued: the newest, an old one, one of a family that has ended. */
class Refresh implements Command {
  readonly family: number
  readonly token: number
  constructor(family: number, token: number) {
    this.family = family
    this.token = token
  }
  check = (model: Model) => model.families.length > 0
  async run(model: Model, real: Real) {
    const family = pick(model.families, this.family)
    const token = pick(family.tokens.toReversed(), this.token)
    const now = real.clock.seconds()
    const predicted = predict(model, family, token, now)
    const answer = await real.native.refresh(token.value)
    if (predicted === 'rotates' || predicted === 'joins') accept(family, predicted, answer, now, token)
    else expect(predicted.split(' or ')).toContain(answer)
    if (predicted === 'TokenReuse') family.isRevoked = true
  }
  toString = () => `refresh(${this.family}, ${this.token} back)`
}

function accept(
  family: ModelFamily,
  how: 'rotates' | 'joins',
  answer: Tokens | string,
  now: number,
  token: ModelToken,
) {
  if (typeof answer === 'string') throw new Error(`the model ${how}, the server answered ${answer}`)
  if (how === 'rotates') {
    family.generation++
    family.rotatedAt = now
  }
  expect(answer.expiresAt).toBeLessThanOrEqual(family.startedAt + FAMILY_AGE)
  family.tokens.push({ generation: token.generation + 1, issuedAt: now, value: answer.refreshToken })
}

/** Signs out with any token that was ever issued. */
class SignOut implements Command {
  readonly family: number
  readonly token: number
  readonly everywhere: boolean
  constructor(family: number, token: number, everywhere: boolean) {
    this.family = family
    this.token = token
    this.everywhere = everywhere
  }
  check = (model: Model) => model.families.length > 0 && !model.isDead
  async run(model: Model, real: Real) {
    const family = pick(model.families, this.family)
    const token = pick(family.tokens.toReversed(), this.token)
    const predicted = predict(model, family, token, real.clock.seconds())
    const response = await real.native.post('/signout', { refreshToken: token.value, everywhere: this.everywhere })
    expect(response.status).toBe(200)
    // What could be exchanged may sign out; what was used before ends its own family; anything else ends nothing (R14).
    const isGood = predicted === 'rotates' || predicted === 'joins'
    if (isGood || predicted === 'TokenReuse') family.isRevoked = true
    if (isGood && this.everywhere)
      for (const other of model.families) if (other.user === family.user) other.isRevoked = true
  }
  toString = () => `signOut(${this.family}, ${this.token} back${this.everywhere ? ', everywhere' : ''})`
}

class Wait implements Command {
  readonly seconds: number
  constructor(seconds: number) {
    this.seconds = seconds
  }
  check = () => true
  async run(_model: Model, real: Real) {
    real.clock.turn(this.seconds)
  }
  toString = () => `wait(${this.seconds} s)`
}

class Restart implements Command {
  check = () => true
  async run(_model: Model, real: Real) {
    real.restart()
  }
  toString = () => 'restart()'
}

class KillStore implements Command {
  readonly dead: boolean
  constructor(dead: boolean) {
    this.dead = dead
  }
  check = () => true
  async run(model: Model, real: Real) {
    model.isDead = this.dead
    real.setDead(this.dead)
  }
  toString = () => (this.dead ? 'killStore()' : 'reviveStore()')
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('picked from nothing')
  return item
}

const index = fc.nat({ max: 5 })
const refresh = fc
  .tuple(index, fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, index))
  .map(([family, token]) => new Refresh(family, token))
const COMMANDS = [
  fc.constantFrom('ann', 'bob').map((user) => new SignIn(user)),
  refresh,
  refresh,
  refresh,
  fc
    .tuple(index, fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, index), fc.boolean())
    .map(([family, token, everywhere]) => new SignOut(family, token, everywhere)),
  fc.constantFrom(1, 20, WINDOW, WINDOW + 1, 3_600, 10 * DAY).map((seconds) => new Wait(seconds)),
  fc.constant(new Restart()),
  fc.boolean().map((dead) => new KillStore(dead)),
]

// ---- Interleavings ---------------------------------------------------------------------------------------------------------------

const RACERS = fc.constantFrom('refresh', 'refresh', 'refresh', 'signOut' as const)

/** Several clients at once on one family, every call to the store held back and let go in an order of the scheduler's choice. */
async function race(
  store: SessionAdapter,
  scheduler: fc.Scheduler,
  racers: readonly ('refresh' | 'signOut')[],
): Promise<void> {
  const setUp = openReal(store)
  const first = await setUp.native.signIn()
  const scheduled = Object.fromEntries(
    Object.entries(store).map(([method, call]) => [
      method,
      scheduler.scheduleFunction(async (...args: never[]) => Reflect.apply(call, store, args)),
    ]),
  ) as unknown as SessionAdapter // the same methods, each let go when the scheduler says so
  const native = openReal(scheduled).native
  const running = racers.map(async (racer) => {
    if (racer === 'refresh') return native.refresh(first.refreshToken)
    const { status } = await native.post('/signout', { refreshToken: first.refreshToken })
    return `signed out ${status}`
  })
  await scheduler.waitFor(Promise.all(running))
  const answers = await Promise.all(running)
  const pairs = answers.filter((answer): answer is Tokens => typeof answer !== 'string')
  const after = setUp.native
  if (racers.includes('signOut')) {
    // No child outlives a revoke, whichever came first (R05).
    for (const { refreshToken } of pairs) expect(await after.refresh(refreshToken)).toBe('SessionRevoked')
    for (const answer of answers)
      if (typeof answer === 'string') expect(['signed out 200', 'SessionRevoked']).toContain(answer)
    return
  }
  // One lineage, nobody signed out (R01): all hold the same generation, and any of them carries on.
  expect(pairs).toHaveLength(racers.length)
  const [row] = await store.listSessions({ userId: 'ann', now: new Date(0) })
  expect(row?.generation).toBe(1)
  for (const { refreshToken } of pairs) expect(typeof (await after.refresh(refreshToken))).toBe('object')
}

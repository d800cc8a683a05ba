import { createBroker, LIMITS } from './bus.ts'
import { createInstance, type Instance, REVALIDATE_AGE, type Row } from './instance.ts'
import { createRandom, type Random } from './random.ts'
import { createTimeline, type Timeline } from './timeline.ts'

const MINUTE = 60_000
const WORLD = { minutes: 20, instances: 100, sessions: 60, partitions: 40, restarts: 10, outages: 2, requests: 20 }
/** How far the clock of an instance may be wrong. */
const MAX_SKEW = MINUTE

/** Milliseconds after which a session that has ended must be refused. */
export const BOUNDS = {
  /** If the end could be told and the store works, whether the other instance is reached or not: the message or the row says so. */
  told: LIMITS.delay + LIMITS.detection + 1_000,
  /** In any case: two clocks may each be wrong by a minute. */
  always: REVALIDATE_AGE + 2 * MAX_SKEW + 1_000,
}

/** What a run has seen. */
export interface Result {
  readonly requests: number
  /** How long after its end a session was let in at the latest: milliseconds. */
  readonly worst: { told: number; always: number }
  readonly broken: readonly string[]
}

interface World {
  readonly timeline: Timeline
  readonly random: Random
  readonly instances: Instance[]
  readonly outages: readonly (readonly [number, number])[]
  readonly broken: string[]
  readonly worst: { told: number; always: number }
  requests: number
}

interface Ended extends Row {
  /** Whether its end was told at once: the instance that ended it reached its bus. */
  isTold: boolean
}

/** Plays twenty minutes of a hundred instances. The same seed plays the same. */
export async function simulate(seed: number): Promise<Result> {
  const random = createRandom(seed)
  const timeline = createTimeline()
  const length = WORLD.minutes * MINUTE
  const broker = createBroker(timeline, random)
  // In some runs the memory is far too small for all ends.
  const maxEnds = random.chance(0.3) ? 5 : 1_000
  const start = () =>
    createInstance(timeline, { bus: broker.open(), skew: random.between(-MAX_SKEW, MAX_SKEW), maxEnds })
  const world: World = {
    timeline,
    random,
    instances: Array.from({ length: WORLD.instances }, start),
    outages: Array.from({ length: WORLD.outages }, () => {
      const from = random.between(0, length)
      return [from, from + random.between(0, MINUTE)] as const
    }),
    broken: [],
    worst: { told: 0, always: 0 },
    requests: 0,
  }
  for (let count = 0; count < WORLD.partitions; count++) planPartition(world, length)
  for (let count = 0; count < WORLD.restarts; count++) {
    timeline.at(random.between(0, length), () => void (world.instances[random.below(WORLD.instances)] = start()))
  }
  for (let count = 0; count < WORLD.sessions; count++) planSession(world, `s${count}`, length)
  await timeline.play()
  return world
}

function planPartition({ timeline, random, instances }: World, length: number): void {
  const at = random.between(0, length)
  timeline.at(at, () => {
    const { bus } = pick(random, instances)
    if (bus.isCut()) return
    bus.cut()
    timeline.at(at + random.between(10, random.chance(0.2) ? 10 * MINUTE : 20_000), () => bus.join(random.chance(0.5)))
  })
}

function planSession(world: World, id: string, length: number): void {
  const { timeline, random, instances } = world
  const begins = random.between(0, length * 0.8)
  timeline.at(begins, () => {
    const session: Ended = { id, token: pick(random, instances).build(id), endedAt: null, isTold: false }
    for (let count = 0; count < WORLD.requests; count++)
      timeline.at(random.between(begins, length), () => request(world, session))
    if (random.chance(0.3)) return
    const ends = random.between(begins, Math.min(length, begins + 5 * MINUTE))
    timeline.at(ends, () => end(world, session))
    // Just before, so that it is in the middle of what it believes.
    if (random.chance(0.5)) timeline.at(ends - random.between(0, 2_000), () => hideFrom(world, session))
  })
}

/** Nobody ends a session while the store is down. Requests come right afterwards, when it matters. */
function end(world: World, session: Ended): void {
  const { timeline, random, instances } = world
  const now = timeline.now()
  if (isDown(world, now, now)) return
  const instance = pick(random, instances)
  session.endedAt = now
  session.isTold = !instance.bus.isCut()
  instance.end(session.id)
  for (let count = 0; count < WORLD.requests; count++)
    timeline.at(now + random.between(0, random.chance(0.5) ? 3_000 : 8 * MINUTE), () => request(world, session))
}

/** Cuts an instance off, and asks it for a session that is about to end, again and again. */
function hideFrom(world: World, session: Ended): void {
  const { timeline, random, instances } = world
  const now = timeline.now()
  const instance = pick(random, instances)
  if (instance.bus.isCut()) return
  instance.bus.cut()
  for (let after = 0; after < 5_000; after += 50) timeline.at(now + after, () => request(world, session, instance))
  timeline.at(now + random.between(3_000, 2 * MINUTE), () => instance.bus.join(random.chance(0.5)))
}

async function request(world: World, session: Ended, instance = pick(world.random, world.instances)): Promise<void> {
  const { timeline, broken } = world
  const now = timeline.now()
  const { endedAt } = session
  world.requests++
  const answer = await instance.ask(session, !isDown(world, now, now))
  if (endedAt === null) {
    if (answer === 'refused') broken.push(`${session.id} was refused at ${now} and had not ended`)
    if (answer === 'unavailable' && !isDown(world, now, now))
      broken.push(`${session.id} was not served at ${now}, and the store worked`)
    return
  }
  if (answer === 'let in') checkBounds(world, session, now - endedAt)
}

function checkBounds(world: World, { id, endedAt, isTold }: Ended, late: number): void {
  const { worst, broken } = world
  worst.always = Math.max(worst.always, late)
  if (late > BOUNDS.always) broken.push(`${id} was let in ${late} ms after its end`)
  // What a row would have said couldn't be asked; what was known a second ago still counts.
  if (!isTold || isDown(world, (endedAt ?? 0) - 1_000, (endedAt ?? 0) + late)) return
  worst.told = Math.max(worst.told, late)
  if (late > BOUNDS.told) broken.push(`${id} was let in ${late} ms after its end was told`)
}

/** Whether the store was down at some time between these. */
function isDown({ outages }: World, from: number, to: number): boolean {
  return outages.some(([begin, over]) => from < over && to >= begin)
}

function pick(random: Random, instances: readonly Instance[]): Instance {
  const instance = instances[random.below(instances.length)]
  if (!instance) throw new Error('there is no instance')
  return instance
}

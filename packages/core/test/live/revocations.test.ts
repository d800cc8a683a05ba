import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/config/engine.ts'
import { memoryAdapter } from '../../src/index.ts'
import { createHub } from '../../src/bus/hub.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { createRevocations } from '../../src/session/revocations.ts'
import { openClock, ORIGIN, passwordProvider, SECRET, SILENT } from '../support/auth.ts'
import { openWire } from '../support/wire.ts'

function open(options: Partial<AnyOptions> = {}, maxEntries?: number) {
  const clock = openClock()
  const engine = createEngine({
    secret: SECRET,
    baseUrl: ORIGIN,
    providers: [passwordProvider()],
    logger: SILENT,
    clock: clock.read,
    ...options,
  })
  return { clock, revocations: createRevocations(engine, createHub(undefined, engine), maxEntries) }
}

const MINUTE = 60
const DAY = 86_400

describe('the list of revocations', () => {
  test('M18 shrinks, also where one id is added again and again', () => {
    const { clock, revocations } = open({ adapter: memoryAdapter(), session: { strategy: 'jwt', revalidateAge: '5m' } })
    revocations.add(['again'])
    revocations.add(['once'])
    expect(['again', 'once'].map(revocations.has)).toEqual([true, true])
    for (let minute = 0; minute < 60; minute++) {
      clock.turn(MINUTE)
      revocations.add(['again'])
    }
    expect(['again', 'once'].map(revocations.has)).toEqual([true, false])
  })

  test('M18 is bounded: the oldest are forgotten first', () => {
    const { revocations } = open({ adapter: memoryAdapter() }, 3)
    for (const id of ['a', 'b', 'c', 'a', 'd']) revocations.add([id])
    expect(['a', 'b', 'c', 'd'].map(revocations.has)).toEqual([true, false, true, true])
  })

  test('M18 a full list forgets the oldest for each that comes, however often that happens', () => {
    const COUNT = 3_000
    const { revocations } = open({ adapter: memoryAdapter() }, COUNT)
    for (let number = 0; number < COUNT; number++) revocations.add([`first ${number}`])
    // Told again: it is the youngest now.
    revocations.add(['first 0'])
    for (let number = 0; number < COUNT - 1; number++) revocations.add([`second ${number}`])
    expect(['first 0', 'first 1', `first ${COUNT - 1}`].map(revocations.has)).toEqual([true, false, false])
    revocations.add(['third'])
    expect(['first 0', 'second 0', `second ${COUNT - 2}`, 'third'].map(revocations.has)).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  test('M18 an end that another instance tells again, or much too late, pushes no newer one out', () => {
    const wire = openWire()
    const [here, there] = [wire.openEnd(), wire.openEnd()]
    const clock = openClock()
    const engine = createEngine({
      secret: SECRET,
      baseUrl: ORIGIN,
      adapter: memoryAdapter(),
      session: { strategy: 'jwt', revalidateAge: '5m' },
      clock: clock.read,
    })
    const teller = createRevocations(engine, createHub(here, engine))
    const listener = createRevocations(engine, createHub(there, engine), 3)
    const tell = (id: string) => {
      teller.add([id])
      const message = wire.sent.at(-1) ?? ''
      there.deliver(message)
      return () => there.deliver(message)
    }
    const repeat = [tell('a'), tell('b'), tell('c')]
    // Told again, 'a' is still the oldest.
    repeat[0]?.()
    const last = tell('d')
    expect(['a', 'b', 'c', 'd'].map(listener.has)).toEqual([false, true, true, true])
    clock.turn(7 * MINUTE + 1)
    tell('e')
    expect(['d', 'e'].map(listener.has)).toEqual([false, true])
    last()
    expect(['d', 'e'].map(listener.has)).toEqual([false, true])
  })

  const tokens = { enabled: true, accessTokenMaxAge: '15m' } as const
  const rows = memoryAdapter()
  test.each([
    { what: 'a jwt cookie with rows', options: { adapter: rows, session: { strategy: 'jwt' } }, seconds: 5 * MINUTE },
    { what: 'a jwt cookie without', options: { session: { strategy: 'jwt' } }, seconds: 30 * DAY },
    { what: 'a short one', options: { session: { strategy: 'jwt', maxAge: '2h' } }, seconds: 120 * MINUTE },
    { what: 'an access token', options: { adapter: rows, tokens }, seconds: 15 * MINUTE },
    { what: 'a refresh token without rows', options: { tokens, session: { maxAge: '1h' } }, seconds: 30 * DAY },
  ] satisfies readonly { what: string; options: Partial<AnyOptions>; seconds: number }[])(
    'S14 remembers for as long as $what is taken without the store, and two minutes for clocks',
    ({ options, seconds }) => {
      const { clock, revocations } = open(options)
      revocations.add(['ended'])
      clock.turn(seconds + 2 * MINUTE)
      revocations.add(['another'])
      expect(revocations.has('ended')).toBe(true)
      clock.turn(1)
      revocations.add(['another'])
      expect(revocations.has('ended')).toBe(false)
    },
  )
})

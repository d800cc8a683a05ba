import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AttemptCounter, AttemptRule, CountedAttempt } from '../src/contract/limits.ts'

export interface OpenedCounter {
  readonly counter: AttemptCounter
  readonly close: () => Promise<void>
}

const RULE: AttemptRule = { limit: 10, window: 900_000 }
/** The middle of a window, for counters whose windows begin on the clock. */
const START = new Date('2026-01-01T12:05:00Z')

/** What every counter of attempts must do: the same sentences for each. `open` gives an empty one. */
export function describeAttemptCounter(name: string, open: () => Promise<OpenedCounter>): void {
  describe(`the attempt counter contract: ${name}`, () => {
    let opened: OpenedCounter | undefined
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    let keys = 0
    /** A key that no other test counts under, shaped as the engine's are. */
    const openKey = () => {
      const key = String(keys++).padStart(43, 'k')
      const consume = async (now = START, rule = RULE) => {
        if (!opened) throw new Error('the counter is not open')
        return opened.counter.consume(key, rule, now)
      }
      const consumeAll = (times: number, now = START) => Promise.all(Array.from({ length: times }, () => consume(now)))
      return { consume, consumeAll }
    }

    test('allows as many as the limit says, and refuses the next', async () => {
      const { consume } = openKey()
      for (let attempt = 0; attempt < RULE.limit; attempt++) expect((await consume()).allowed).toBe(true)
      expect((await consume()).allowed).toBe(false)
    })

    test('says in how many seconds to come back, and then it is right', async () => {
      const { consume, consumeAll } = openKey()
      await consumeAll(RULE.limit)
      const refused = await consume()
      if (refused.allowed) throw new Error('the eleventh was allowed')
      expect(Number.isInteger(refused.retryAfter)).toBe(true)
      expect(refused.retryAfter).toBeGreaterThanOrEqual(1)
      expect(refused.retryAfter).toBeLessThanOrEqual(RULE.window / 1_000)
      expect((await consume(new Date(START.getTime() + refused.retryAfter * 1_000))).allowed).toBe(true)
    })

    test('of fifty at the same time it allows as many as the limit says', async () => {
      const { consumeAll } = openKey()
      expect((await consumeAll(50)).filter(({ allowed }) => allowed)).toHaveLength(RULE.limit)
    })

    test('loses no count to others that are counted at the same time', async () => {
      const pairs = Array.from({ length: 12 }, () => openKey())
      await Promise.all(pairs.map(({ consumeAll }) => consumeAll(RULE.limit - 1)))
      for (const { consume } of pairs)
        expect([(await consume()).allowed, (await consume()).allowed]).toEqual([true, false])
    })

    test('sixty-four callers at the same time lose no count, whether they go on, are refused or give up', async () => {
      const { consumeAll } = openKey()
      const rounds = await consumeAll(64)
      const counted = rounds.filter(isCounted)
      expect(counted).toHaveLength(RULE.limit)
      // Half of them give up, while sixty-four more come: as many as have given up may go on in all.
      const [, later] = await Promise.all([
        Promise.all(counted.slice(0, 5).map(async ({ undo }) => undo())),
        consumeAll(64),
      ])
      const room = 5 - later.filter(isCounted).length
      expect(room).toBeGreaterThanOrEqual(0)
      expect((await consumeAll(64)).filter(isCounted)).toHaveLength(room)
    })

    test('counts other keys apart', async () => {
      await openKey().consumeAll(RULE.limit + 1)
      expect((await openKey().consume()).allowed).toBe(true)
    })

    test('a refused attempt is not counted', async () => {
      const { consume, consumeAll } = openKey()
      const counted = (await consumeAll(RULE.limit)).filter(isCounted)
      await consumeAll(5)
      await counted[0]?.undo()
      expect([(await consume()).allowed, (await consume()).allowed]).toEqual([true, false])
    })

    test('one that is taken back leaves the others', async () => {
      const { consumeAll } = openKey()
      const counted = (await consumeAll(RULE.limit)).filter(isCounted)
      await Promise.all(counted.slice(0, 3).map(async ({ undo }) => undo()))
      expect((await consumeAll(5)).filter(({ allowed }) => allowed)).toHaveLength(3)
    })

    test('clearing leaves none', async () => {
      const { consumeAll } = openKey()
      const [first] = (await consumeAll(RULE.limit)).filter(isCounted)
      await first?.clear()
      expect((await consumeAll(RULE.limit + 1)).filter(({ allowed }) => allowed)).toHaveLength(RULE.limit)
    })

    test('one that is taken back in the next window takes nothing from that', async () => {
      const { consume, consumeAll } = openKey()
      const [first] = (await consumeAll(3)).filter(isCounted)
      const later = new Date(START.getTime() + RULE.window)
      await consumeAll(RULE.limit - 1, later)
      await first?.undo()
      expect([(await consume(later)).allowed, (await consume(later)).allowed]).toEqual([true, false])
    })

    test('one that is taken back after all were cleared grants no extra attempt', async () => {
      const { consumeAll } = openKey()
      const [first, second] = (await consumeAll(2)).filter(isCounted)
      await first?.clear()
      await second?.undo()
      expect((await consumeAll(RULE.limit + 5)).filter(({ allowed }) => allowed)).toHaveLength(RULE.limit)
    })
  })
}

function isCounted(attempt: { readonly allowed: boolean }): attempt is CountedAttempt {
  return attempt.allowed
}

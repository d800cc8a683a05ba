import { describe, expect, test } from 'vitest'
import { counterOf, minutes, type Tables } from './support.ts'

export function describeCounting(tables: Tables): void {
  describe('counting', () => {
    test('the first writes the row as it is, further ones add and leave the rest alone', async () => {
      const { counters } = tables()
      const counter = counterOf({ count: 5 })
      expect(await counters.increment(counter, 'count')).toBe(5)
      expect(await counters.get(keyOf(counter))).toEqual(counter)
      expect(await counters.increment({ ...counter, note: 'second', expires: minutes(99) }, 'count')).toBe(6)
      expect(await counters.increment(counter, 'count', 10)).toBe(16)
      expect(await counters.get(keyOf(counter))).toEqual({ ...counter, count: 16 })
    })

    test('it counts down, through zero, and by nothing', async () => {
      const { counters } = tables()
      const counter = counterOf({ count: 0 })
      expect(await counters.increment(counter, 'count', 7)).toBe(0)
      expect(await counters.increment(counter, 'count', 0)).toBe(0)
      expect(await counters.increment(counter, 'count', 2)).toBe(2)
      expect(await counters.increment(counter, 'count', 0)).toBe(2)
      expect(await counters.increment(counter, 'count', -2)).toBe(0)
      expect(await counters.increment(counter, 'count', -3)).toBe(-3)
      expect(await counters.increment(counter, 'count', 2 ** 40)).toBe(2 ** 40 - 3)
      expect(await counters.increment(counterOf({ count: -4 }), 'count')).toBe(-4)
    })

    test('each key has a count of its own', async () => {
      const { counters } = tables()
      const counter = counterOf()
      expect(await counters.increment(counter, 'count')).toBe(1)
      expect(await counters.increment({ ...counter, window: 2 }, 'count')).toBe(1)
      expect(await counters.increment({ ...counter, name: `${counter.name}-` }, 'count')).toBe(1)
      expect(await counters.increment(counter, 'count')).toBe(2)
    })

    test('a user may be the key', async () => {
      const { tallies, addUser } = tables()
      const owner = await addUser()
      expect(await tallies.increment({ user: owner, count: 1 }, 'count')).toBe(1)
      expect(await tallies.increment({ user: owner, count: 1 }, 'count')).toBe(2)
    })
  })
}

function keyOf({ name, window }: { readonly name: string; readonly window: number }) {
  return { name, window }
}

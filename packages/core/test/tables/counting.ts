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

    test('within bounds: a sum beyond them changes nothing, and the row says nothing new', async () => {
      const { counters } = tables()
      const counter = counterOf({ count: 1 })
      const add = (by: number, bounds: object, row = counter) =>
        counters.incrementWithin({ ...row, note: 'not the first' }, 'count', { by, ...bounds })
      expect(await counters.incrementWithin(counter, 'count', { max: 3 })).toBe(1)
      expect(await add(1, { max: 3 })).toBe(2)
      expect(await add(1, { max: 3 })).toBe(3)
      expect(await add(1, { max: 3 })).toBeNull()
      expect(await add(1, { max: 2 })).toBeNull()
      expect(await counters.get(keyOf(counter))).toEqual({ ...counter, count: 3 })
      expect(await add(-4, { min: 0 })).toBeNull()
      expect(await add(-3, { min: 0, max: 3 })).toBe(0)
      expect(await add(-1, { min: 0 })).toBeNull()
      expect(await add(-1, { min: -1, max: 3 })).toBe(-1)
      expect(await add(-1, {})).toBe(-2)
      expect(await counters.get(keyOf(counter))).toEqual({ ...counter, count: -2 })
    })

    test('a row that is outside of its own bounds, and a bound that is no whole number, are refused', async () => {
      const { counters } = tables()
      const counter = counterOf({ count: 2 })
      await expect(counters.incrementWithin(counter, 'count', { max: 1 })).rejects.toThrow(TypeError)
      await expect(counters.incrementWithin(counter, 'count', { min: 3 })).rejects.toThrow(TypeError)
      await expect(counters.incrementWithin(counter, 'count', { max: Number.NaN })).rejects.toThrow(TypeError)
      await expect(counters.incrementWithin(counter, 'count', { by: 0.5, max: 9 })).rejects.toThrow(TypeError)
      expect(await counters.get(keyOf(counter))).toBeNull()
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

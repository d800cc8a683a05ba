import { describe, expect, test } from 'vitest'
import { addNote, atOnce, counterOf, type Tables } from './support.ts'

/** Long before what other tests put into the tables. */
const past = (second: number) => new Date(Date.UTC(1990, 0, 1, 0, 0, second))

export function describeEnds(tables: Tables): void {
  describe('expiry', () => {
    test('D05 rows go in batches no larger than the limit, and nothing else goes', async () => {
      const { notes, counters, store, addUser } = tables()
      const owner = await addUser()
      await atOnce(3, (index) => addNote(tables(), owner, { until: past(index) }))
      const [fresh, forever] = [await addNote(tables(), owner, { until: past(11) }), await addNote(tables(), owner)]
      await atOnce(2, (index) => counters.insert(counterOf({ name: owner, window: index, expires: past(10) })))
      await counters.insert(counterOf({ name: owner, window: 9, expires: new Date(past(10).getTime() + 1) }))

      const counts = []
      for (let batch = 0; batch < 4; batch++) counts.push(await store.deleteExpired({ now: past(10), limit: 2 }))
      expect(counts).toEqual([2, 2, 1, 0])
      const left = await notes.list({ where: { owner }, limit: 9 })
      expect(new Set(left.map(({ id }) => id))).toEqual(new Set([fresh.id, forever.id]))
      expect(await counters.list({ where: { name: owner }, limit: 9 })).toMatchObject([{ window: 9 }])
      expect(await store.deleteExpired({ now: past(11), limit: 9 })).toBe(2)
    })

    test('D05 without a limit it takes at least a hundred', async () => {
      const { counters, store } = tables()
      const name = crypto.randomUUID()
      await atOnce(100, (window) => counters.insert(counterOf({ name, window, expires: past(1) })))
      expect(await store.deleteExpired({ now: past(2) })).toBe(100)
      expect(await counters.list({ where: { name }, limit: 1 })).toEqual([])
    })
  })

  describe('the end of a user', () => {
    test('takes their rows along, and nobody else’s', async () => {
      const { notes, tallies, store, addUser } = tables()
      const [ada, bob] = [await addUser(), await addUser()]
      const gone = await addNote(tables(), ada)
      const read = await addNote(tables(), bob, { reader: ada })
      const stays = await addNote(tables(), bob, { reader: bob })
      await tallies.insert({ user: ada, count: 1 })
      await tallies.insert({ user: bob, count: 1 })
      await store.deleteUser(`${ada} `)
      await store.deleteUser('\0')
      expect(await notes.get({ id: gone.id })).toEqual(gone)
      await store.deleteUser(ada)
      expect(await notes.get({ id: gone.id })).toBeNull()
      expect(await notes.get({ id: read.id })).toBeNull()
      expect(await tallies.get({ user: ada })).toBeNull()
      expect(await notes.get({ id: stays.id })).toEqual(stays)
      expect(await tallies.get({ user: bob })).toEqual({ user: bob, count: 1 })
    })
  })
}

import { describe, expect, test } from 'vitest'
import { addNote, atOnce, counterOf, minutes, noteOf, type Tables } from './support.ts'

export function describeTableRaces(tables: Tables): void {
  describe('at once', () => {
    test('of fifty that insert one key one writes', async () => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      const { id } = noteOf(owner)
      const written = await atOnce(50, (index) => notes.insert(noteOf(owner, { id, rank: index })))
      expect(written.filter(Boolean)).toHaveLength(1)
      expect(await notes.get({ id })).toMatchObject({ rank: written.indexOf(true) })
    })

    test('of fifty that take one row one gets it', async () => {
      const { notes, addUser } = tables()
      const note = await addNote(tables(), await addUser(), { until: minutes(1), remark: 'a ' })
      const taken = await atOnce(50, (index) =>
        index % 2 ? notes.take({ id: note.id }) : notes.take({ owner: note.owner, title: note.title }, { rank: 7 }),
      )
      expect(taken.filter((row) => row !== null)).toEqual([note])
    })

    test('what is taken while it is changed was the row at that moment', async () => {
      const { notes, addUser } = tables()
      const note = await addNote(tables(), await addUser(), { rank: 0 })
      const done = await atOnce(40, async (index) => {
        if (index === 20) return notes.take({ id: note.id })
        return notes.update({ id: note.id, rank: { below: index } }, { rank: index })
      })
      expect(done[20]).toEqual({ ...note, rank: expect.any(Number) })
      expect(await notes.get({ id: note.id })).toBeNull()
    })

    test('fifty that count get fifty numbers', async () => {
      const { counters } = tables()
      const counter = counterOf()
      const counts = await atOnce(50, () => counters.increment(counter, 'count'))
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
      expect(await counters.get({ name: counter.name, window: 1 })).toEqual({ ...counter, count: 50 })
    })

    test('of fifty that count up to ten, ten get a number', async () => {
      const { counters } = tables()
      const counter = counterOf()
      const counts = await atOnce(50, () => counters.incrementWithin(counter, 'count', { max: 10 }))
      const counted = counts.filter((count) => count !== null)
      expect(counted.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect(await counters.get({ name: counter.name, window: 1 })).toEqual({ ...counter, count: 10 })
    })

    test('of fifty updates with one condition one finds the row', async () => {
      const { notes, addUser } = tables()
      const note = await addNote(tables(), await addUser())
      const changed = await atOnce(50, (index) =>
        notes.update({ id: note.id, isDone: false }, { isDone: true, rank: index }),
      )
      expect(changed.filter((count) => count === 1)).toHaveLength(1)
      expect(await notes.get({ id: note.id })).toMatchObject({ rank: changed.indexOf(1) })
    })

    test('of ten that remove, each row is removed by one', async () => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      await atOnce(30, () => addNote(tables(), owner))
      const removed = await atOnce(10, () => notes.remove({ owner }, 4))
      expect(removed.reduce((sum, count) => sum + count)).toBe(
        30 - (await notes.list({ where: { owner }, limit: 99 })).length,
      )
      await notes.remove({ owner })
    })
  })
}

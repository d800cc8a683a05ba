import { describe, expect, test } from 'vitest'
import { addNote, minutes, type Note, NOW, type Tables } from './support.ts'

type Query = Parameters<ReturnType<Tables>['notes']['list']>[0]['where']

export function describeConditions(tables: Tables): void {
  describe('conditions', () => {
    /** The ranks of the notes of one owner that are meant. */
    async function ranks(owner: string, where: NonNullable<Query>): Promise<readonly number[]> {
      const rows: readonly Note[] = await tables().notes.list({ where: { owner, ...where }, limit: 99 })
      return rows.map(({ rank }) => rank).toSorted((a, b) => a - b)
    }

    test('a value, null or a range is asked for, and all of them must hold', async () => {
      const owner = await tables().addUser()
      const reader = await tables().addUser()
      await addNote(tables(), owner, { rank: 1, until: minutes(1), isDone: true, score: 5, remark: 'a', reader })
      await addNote(tables(), owner, { rank: 2, until: minutes(2), isDone: false, score: -5, remark: 'b' })
      await addNote(tables(), owner, { rank: 3 })

      expect(await ranks(owner, {})).toEqual([1, 2, 3])
      expect(await ranks(owner, { isDone: true })).toEqual([1])
      expect(await ranks(owner, { isDone: false })).toEqual([2, 3])
      expect(await ranks(owner, { score: 5 })).toEqual([1])
      expect(await ranks(owner, { writtenAt: NOW })).toEqual([1, 2, 3])
      expect(await ranks(owner, { reader })).toEqual([1])
      expect(await ranks(owner, { remark: 'b' })).toEqual([2])
      expect(await ranks(owner, { body: 'A body' })).toEqual([1, 2, 3])
      expect(await ranks(owner, { body: 'A bodY' })).toEqual([])

      for (const column of ['until', 'score', 'remark', 'seenAt', 'reader'] as const) {
        expect(await ranks(owner, { [column]: null })).toContain(3)
      }
      expect(await ranks(owner, { remark: null, score: null, until: null })).toEqual([3])
      expect(await ranks(owner, { remark: null, isDone: true })).toEqual([])
      expect(await ranks(owner, { seenAt: null })).toEqual([1, 2, 3])
    })

    test('neither end belongs to a range, and null is in none', async () => {
      const owner = await tables().addUser()
      for (const rank of [1, 2, 3]) await addNote(tables(), owner, { rank, until: minutes(rank), score: rank })
      await addNote(tables(), owner, { rank: 4 })

      expect(await ranks(owner, { rank: { below: 3 } })).toEqual([1, 2])
      expect(await ranks(owner, { rank: { above: 1, below: 3 } })).toEqual([2])
      expect(await ranks(owner, { rank: { above: 3, below: 3 } })).toEqual([])
      expect(await ranks(owner, { until: { below: minutes(2) } })).toEqual([1])
      expect(await ranks(owner, { until: { above: minutes(2) } })).toEqual([3])
      expect(await ranks(owner, { until: { above: new Date(minutes(2).getTime() - 1), below: minutes(3) } })).toEqual([
        2,
      ])
      expect(await ranks(owner, { score: { above: -99 } })).toEqual([1, 2, 3])
      expect(await ranks(owner, { score: { below: 99 } })).toEqual([1, 2, 3])
    })

    test('no row is meant by what none can hold', async () => {
      const owner = await tables().addUser()
      await addNote(tables(), owner)
      expect(await ranks(owner, { remark: '\0' })).toEqual([])
      expect(await ranks(owner, { remark: 'x'.repeat(1_000) })).toEqual([])
      expect(await ranks(owner, { title: 'x'.repeat(1_000) })).toEqual([])
      expect(await tables().notes.remove({ owner, remark: '\uD800' })).toBe(0)
      expect(await tables().notes.update({ owner, remark: '\uD800' }, { rank: 9 })).toBe(0)
      expect(await ranks(owner, {})).toEqual([7])
    })
  })
}

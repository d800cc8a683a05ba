import { describe, expect, test } from 'vitest'
import { addNote, type Note, type Tables } from './support.ts'

export function describePages(tables: Tables): void {
  describe('pages', () => {
    /** Reads all pages of so many rows. */
    async function readPages<T>(limit: number, read: (after: T | undefined) => Promise<readonly T[]>): Promise<T[][]> {
      const pages: T[][] = []
      for (;;) {
        const page = await read(pages.at(-1)?.at(-1))
        if (page.length === 0) return pages
        expect(page.length).toBeLessThanOrEqual(limit)
        pages.push([...page])
      }
    }

    test('each row is on one page, in the order of the primary key', async () => {
      const owner = await tables().addUser()
      const ids: string[] = []
      for (let index = 0; index < 7; index++) ids.push((await addNote(tables(), owner)).id)
      await addNote(tables(), await tables().addUser())
      const pages = await readPages<Note>(3, (last) =>
        tables().notes.list({ where: { owner }, limit: 3, ...(last && { after: last }) }),
      )
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
      expect(pages.flat().map(({ id }) => id)).toEqual(ids.toSorted())
    })

    test('a key of several columns is ordered by the first, then by the next', async () => {
      const { places } = tables()
      const country = crypto.randomUUID()
      for (const city of ['b', 'a', 'c']) {
        for (const street of ['y', 'x']) await places.insert({ country, city, street, isKnown: true })
      }
      const pages = await readPages<{ city: string; street: string; country: string }>(2, (last) =>
        places.list({ where: { country }, limit: 2, ...(last && { after: last }) }),
      )
      expect(pages.flat().map(({ city, street }) => city + street)).toEqual(['ax', 'ay', 'bx', 'by', 'cx', 'cy'])
      // A row that isn't there is a place in the order all the same.
      const after = { country, city: 'b', street: 'a' }
      expect(await places.list({ where: { country }, limit: 1, after })).toMatchObject([{ city: 'b', street: 'x' }])
    })

    test('numbers are ordered as numbers', async () => {
      const { counters } = tables()
      const name = crypto.randomUUID()
      const windows = [10, 9, -1, 100, 0, -20]
      for (const window of windows) await counters.insert({ name, window, count: 1, note: '', expires: new Date(0) })
      const found = await counters.list({ where: { name }, limit: 9 })
      expect(found.map(({ window }) => window)).toEqual([-20, -1, 0, 9, 10, 100])
      await counters.remove({ name })
    })

    test('texts are ordered by their code points, in every language', async () => {
      const { places } = tables()
      const country = crypto.randomUUID()
      const cities = ['ä', 'Z', 'a', 'z', 'A', '_', '9', '\uFFFD', '😀', 'é', 'ab', 'a!']
      for (const city of cities) await places.insert({ country, city, street: '', isKnown: true })
      const found = await places.list({ where: { country }, limit: 99 })
      expect(found.map(({ city }) => city)).toEqual([
        '9',
        'A',
        'Z',
        '_',
        'a',
        'a!',
        'ab',
        'z',
        'ä',
        'é',
        '\uFFFD',
        '😀',
      ])
    })
  })
}

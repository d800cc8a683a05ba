import { describe, expect, test } from 'vitest'
import { addNote, minutes, NOW, noteOf, type Tables } from './support.ts'

export function describeRows(tables: Tables): void {
  describe('rows', () => {
    test('a row comes back as it was written, by each of its unique keys', async () => {
      const { notes, addUser } = tables()
      const reader = await addUser()
      const note = noteOf(await addUser(), {
        isDone: true,
        rank: -3,
        until: minutes(5),
        score: 0,
        reader,
        remark: 'late',
        seenAt: NOW,
      })
      expect(await notes.insert(note)).toBe(true)
      expect(await notes.get({ id: note.id })).toEqual(note)
      expect(await notes.get({ owner: note.owner, title: note.title })).toEqual(note)
      expect(await notes.get({ id: note.title })).toBeNull()
      expect(await notes.get({ owner: note.title, title: note.owner })).toBeNull()
    })

    test('null comes back as null', async () => {
      const note = await addNote(tables(), await tables().addUser())
      expect(await tables().notes.get({ id: note.id })).toEqual(note)
    })

    test('a taken key writes nothing, whichever of the keys it is', async () => {
      const { notes, addUser } = tables()
      const note = await addNote(tables(), await addUser())
      expect(await notes.insert({ ...note, body: 'other' })).toBe(false)
      expect(await notes.insert({ ...note, title: 'other', body: 'other' })).toBe(false)
      expect(await notes.insert({ ...note, id: crypto.randomUUID(), body: 'other' })).toBe(false)
      expect(await notes.list({ where: { owner: note.owner }, limit: 9 })).toEqual([note])
    })

    test('a part of a key is no key: two rows may share it', async () => {
      const { notes, places, addUser } = tables()
      const [ada, bob] = [await addUser(), await addUser()]
      const note = await addNote(tables(), ada)
      expect(await notes.insert(noteOf(ada, { title: 'other' }))).toBe(true)
      expect(await notes.insert(noteOf(bob, { title: note.title }))).toBe(true)
      const country = crypto.randomUUID()
      const place = { country, city: 'a', street: 'b', isKnown: true }
      expect(await places.insert(place)).toBe(true)
      expect(await places.insert({ ...place, street: 'a', city: 'b' })).toBe(true)
      expect(await places.insert({ ...place, isKnown: false })).toBe(false)
      expect(await places.get({ country, city: 'a', street: 'b' })).toEqual(place)
    })

    test('an update changes the given columns of the rows that are meant, and says how many', async () => {
      const { notes, addUser } = tables()
      const [owner, other] = [await addUser(), await addUser()]
      const [a, b] = [await addNote(tables(), owner), await addNote(tables(), owner)]
      const untouched = await addNote(tables(), other)
      const changes = { isDone: true, until: minutes(9), data: null, remark: 'now', rank: 8 }
      expect(await notes.update({ owner }, changes)).toBe(2)
      expect(await notes.get({ id: a.id })).toEqual({ ...a, ...changes })
      expect(await notes.get({ id: b.id })).toEqual({ ...b, ...changes })
      expect(await notes.get({ id: untouched.id })).toEqual(untouched)
      expect(await notes.update({ owner: 'nobody' }, changes)).toBe(0)
    })

    test('an update that changes nothing says how many were meant', async () => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      const note = await addNote(tables(), owner)
      expect(await notes.update({ owner }, { body: note.body })).toBe(1)
      expect(await notes.update({ owner }, {})).toBe(1)
      expect(await notes.update({ owner, isDone: true }, {})).toBe(0)
      expect(await notes.get({ id: note.id })).toEqual(note)
    })

    test('an update may change a key, but not into one that is taken', async () => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      const [a, b] = [await addNote(tables(), owner), await addNote(tables(), owner)]
      const id = crypto.randomUUID()
      expect(await notes.update({ id: a.id }, { id })).toBe(1)
      expect(await notes.get({ id: a.id })).toBeNull()
      expect(await notes.get({ id })).toEqual({ ...a, id })
      await expect(notes.update({ id }, { id: b.id })).rejects.toThrow()
      await expect(notes.update({ owner }, { title: 'the same' })).rejects.toThrow()
      expect(await notes.list({ where: { owner }, limit: 9 })).toHaveLength(2)
      expect(await notes.get({ id: b.id })).toEqual(b)
    })

    test('a row that is taken is returned once, and only if it fulfils the condition', async () => {
      const { notes, addUser } = tables()
      const note = await addNote(tables(), await addUser(), { until: minutes(5), score: 3 })
      expect(await notes.take({ id: note.id }, { until: { below: minutes(5) } })).toBeNull()
      expect(await notes.take({ id: note.id }, { owner: 'nobody' })).toBeNull()
      expect(await notes.take({ id: crypto.randomUUID() })).toBeNull()
      expect(await notes.take({ id: note.id }, { until: { above: minutes(4) }, remark: null })).toEqual(note)
      expect(await notes.take({ id: note.id })).toBeNull()
      const again = await addNote(tables(), await addUser())
      expect(await notes.take({ owner: again.owner, title: again.title })).toEqual(again)
    })

    test('rows that are meant are removed, at most so many', async () => {
      const { notes, addUser } = tables()
      const [owner, other] = [await addUser(), await addUser()]
      for (let index = 0; index < 5; index++) await addNote(tables(), owner, { rank: index })
      const untouched = await addNote(tables(), other)
      expect(await notes.remove({ owner, rank: { above: 0 } }, 3)).toBe(3)
      expect(await notes.remove({ owner, rank: { above: 0 } }, 3)).toBe(1)
      expect(await notes.remove({ owner, rank: { above: 0 } })).toBe(0)
      expect(await notes.list({ where: { owner }, limit: 9 })).toMatchObject([{ rank: 0 }])
      expect(await notes.remove({ owner })).toBe(1)
      expect(await notes.get({ id: untouched.id })).toEqual(untouched)
    })

    test('a table that joined the others later is there, whatever its columns are called', async () => {
      const { late } = tables()
      const row = { key: crypto.randomUUID(), order: 1, select: 'from', group: true, table: null }
      expect(await late.insert(row)).toBe(true)
      expect(
        await late.list({ where: { select: 'from', table: null }, limit: 9, after: { ...row, order: 0 } }),
      ).toEqual([row])
      expect(await late.update({ key: row.key, group: true }, { group: false, table: 'x' })).toBe(1)
      const { key, order } = row
      expect(await late.take({ key, order }, { table: 'x' })).toEqual({ ...row, group: false, table: 'x' })
    })

    test('what is read can be changed without changing the row', async () => {
      const { notes, addUser } = tables()
      const data = { tags: ['a'] }
      const note = await addNote(tables(), await addUser(), { data })
      data.tags.push('b')
      const read = await notes.get({ id: note.id })
      read?.writtenAt.setTime(0)
      expect(await notes.get({ id: note.id })).toMatchObject({ data: { tags: ['a'] }, writtenAt: NOW })
    })
  })
}

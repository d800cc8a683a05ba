import { describe, expect, test } from 'vitest'
import { noteOf, type Tables } from './support.ts'

/** For stores that keep the users too. */
export function describeReferences(tables: Tables): void {
  describe('references to users', () => {
    test('a user who does not exist is refused, and nothing is written', async () => {
      const { notes, tallies, addUser } = tables()
      const owner = await addUser()
      const note = noteOf(owner)
      await expect(notes.insert({ ...note, owner: 'nobody' })).rejects.toThrow()
      await expect(notes.insert({ ...note, owner: `${owner} ` })).rejects.toThrow()
      await expect(notes.insert({ ...note, owner: owner.toUpperCase() })).rejects.toThrow()
      await expect(notes.insert({ ...note, reader: 'nobody' })).rejects.toThrow()
      await expect(notes.insert({ ...note, reader: `${owner} ` })).rejects.toThrow()
      await expect(tallies.increment({ user: 'nobody', count: 1 }, 'count')).rejects.toThrow()
      await expect(tallies.increment({ user: `${owner} `, count: 1 }, 'count')).rejects.toThrow()
      expect(await notes.get({ id: note.id })).toBeNull()
      expect(await tallies.get({ user: 'nobody' })).toBeNull()
      expect(await notes.insert(note)).toBe(true)
      await expect(notes.update({ id: note.id }, { reader: 'nobody' })).rejects.toThrow()
      expect(await notes.get({ id: note.id })).toEqual(note)
    })

    test('a row of a user who is gone is refused', async () => {
      const { notes, store, addUser } = tables()
      const owner = await addUser()
      await store.deleteUser(owner)
      await expect(notes.insert(noteOf(owner))).rejects.toThrow()
    })
  })
}

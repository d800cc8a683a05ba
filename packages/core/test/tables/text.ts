import { describe, expect, test } from 'vitest'
import { HOSTILE_TEXT } from '../adapter/text.ts'
import { addNote, counterOf, noteOf, type Tables } from './support.ts'

export function describeTableText(tables: Tables): void {
  describe('text', () => {
    test.each(HOSTILE_TEXT)('D01 %j is only text, in a key and beside it', async (text) => {
      const { notes, counters } = tables()
      const other = await addNote(tables(), await tables().addUser())
      const key = `${crypto.randomUUID()}${text}`
      const note = noteOf(await tables().addUser(), {
        id: key,
        title: key,
        body: text,
        remark: text,
        data: { [text]: text },
      })
      expect(await notes.insert(note)).toBe(true)
      expect(await notes.insert(note)).toBe(false)
      expect(await notes.get({ id: key })).toEqual(note)
      expect(await notes.list({ where: { title: key, body: text, remark: text }, limit: 9 })).toEqual([note])
      expect(await notes.update({ id: key, remark: text }, { remark: `${text}!` })).toBe(1)
      expect(await notes.take({ id: key }, { remark: text })).toBeNull()
      expect(await notes.take({ id: key }, { remark: `${text}!` })).toEqual({ ...note, remark: `${text}!` })

      const counter = counterOf({ name: key, note: text })
      expect(await counters.increment(counter, 'count')).toBe(1)
      expect(await counters.increment(counter, 'count')).toBe(2)
      expect(await counters.get({ name: key, window: 1 })).toEqual({ ...counter, count: 2 })

      expect(await notes.get({ id: text })).toBeNull()
      expect(await notes.remove({ owner: text })).toBe(0)
      expect(await notes.get({ id: other.id })).toEqual(other)
    })

    test.each([
      { what: 'a space at the end', change: (text: string) => `${text} ` },
      { what: 'several spaces at the end', change: (text: string) => `${text}   ` },
      { what: 'a space at the beginning', change: (text: string) => ` ${text}` },
      { what: 'a tab at the end', change: (text: string) => `${text}\t` },
      { what: 'other cases', change: (text: string) => text.toUpperCase() },
      { what: 'an accent', change: (text: string) => text.replace('a', 'ä') },
      { what: 'a combining accent', change: (text: string) => `${text}\u0308` },
      { what: 'a wildcard', change: () => '%' },
    ])('$what makes it another text', async ({ change }) => {
      const { notes, counters, addUser } = tables()
      const owner = await addUser()
      const text = `a-${crypto.randomUUID()}-a`
      const note = await addNote(tables(), owner, { id: text, title: text, body: text, remark: text })
      const other = change(text)
      expect(await notes.get({ id: other })).toBeNull()
      expect(await notes.get({ owner, title: other })).toBeNull()
      expect(await notes.take({ id: other })).toBeNull()
      expect(await notes.take({ id: text }, { remark: other })).toBeNull()
      expect(await notes.take({ id: text }, { body: other })).toBeNull()
      expect(await notes.update({ remark: other }, { rank: 1 })).toBe(0)
      expect(await notes.remove({ title: other })).toBe(0)
      expect(await notes.list({ where: { body: other }, limit: 9 })).toEqual([])
      expect(await notes.get({ id: text })).toEqual(note)

      // A store may refuse a key that another one has but for its spaces; none may take one for the other.
      const counter = counterOf({ name: text })
      expect(await counters.increment(counter, 'count')).toBe(1)
      const counted = await counters.increment({ ...counter, name: other }, 'count').catch(() => null)
      expect([1, null]).toContain(counted)
      expect(await counters.get({ name: text, window: 1 })).toEqual(counter)
      expect((await counters.get({ name: other, window: 1 }))?.count ?? null).toBe(counted)
      if (counted !== null) expect(await counters.take({ name: other, window: 1 })).toMatchObject({ name: other })
    })

    test('text of a key has at most 255 characters, and is never cut', async () => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      const longest = `${crypto.randomUUID()}${'😀'.repeat(219)}`
      expect(Array.from(longest)).toHaveLength(255)
      const note = noteOf(owner, { id: longest })
      expect(await notes.insert(note)).toBe(true)
      expect(await notes.get({ id: longest })).toEqual(note)
      await expect(notes.insert(noteOf(owner, { id: `${longest}x` }))).rejects.toThrow(TypeError)
      await expect(notes.update({ owner }, { title: 'x'.repeat(256) })).rejects.toThrow(TypeError)
      expect(await notes.get({ id: `${longest}x` })).toBeNull()
    })

    test('other text is kept whole', async () => {
      const body = 'ä😀'.repeat(30_000)
      const note = await addNote(tables(), await tables().addUser(), { body, remark: body })
      expect(await tables().notes.get({ id: note.id })).toEqual(note)
      expect(await tables().notes.take({ id: note.id }, { remark: body })).toEqual(note)
    })

    test.each([
      { what: 'half of a surrogate pair', text: '\uD800' },
      { what: 'the other half', text: '\uDC00' },
      { what: 'a NUL', text: '\0' },
    ])('$what is refused in a key, and mended elsewhere', async ({ text }) => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      await expect(notes.insert(noteOf(owner, { id: `a${text}` }))).rejects.toThrow(TypeError)
      await expect(notes.insert(noteOf(owner, { title: `a${text}` }))).rejects.toThrow(TypeError)
      expect(await notes.get({ id: `a${text}` })).toBeNull()
      expect(await notes.take({ id: text })).toBeNull()
      expect(await notes.remove({ owner: text })).toBe(0)
      const note = await addNote(tables(), owner, { body: `A${text}B` })
      expect(await notes.get({ id: note.id })).toEqual({ ...note, body: 'A\uFFFDB' })
    })
  })
}

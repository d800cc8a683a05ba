import { describe, expect, test } from 'vitest'
import { addNote, counterOf, type Note, noteOf, type Tables } from './support.ts'

/** What JSON can hold. */
const JSON_VALUES: readonly unknown[] = [
  {},
  [],
  [[], [{}]],
  '',
  'text',
  '{"a":1}',
  '[1]',
  0,
  -0.5,
  1e300,
  true,
  false,
  null,
  { a: null, b: [1, '2', { c: false }] },
  { 'a key': 'ä😀\n"\\', '': 1 },
  { text: 'x'.repeat(70_000) },
  JSON.parse('{"__proto__": {"role": "admin"}, "constructor": 1}'),
  { half: '\uD800', nul: '\0' },
]

/** What no row can hold. */
const WRONG: readonly { readonly wrong: string; readonly fields: object }[] = [
  { wrong: 'an integer beyond the safe ones', fields: { rank: 2 ** 53 } },
  { wrong: 'a bigint', fields: { rank: 1n } },
  { wrong: 'a fraction', fields: { rank: 1.5 } },
  { wrong: 'not a number', fields: { rank: Number.NaN } },
  { wrong: 'an infinite number', fields: { score: Number.POSITIVE_INFINITY } },
  { wrong: 'a number as text', fields: { rank: '1' } },
  { wrong: 'an invalid date', fields: { until: new Date(Number.NaN) } },
  { wrong: 'a date as text', fields: { writtenAt: '2026-01-01' } },
  { wrong: 'a date as a number', fields: { writtenAt: 0 } },
  { wrong: 'a boolean as a number', fields: { isDone: 1 } },
  { wrong: 'an object for a text', fields: { body: { toString: () => 'x' } } },
  { wrong: 'a list for an id', fields: { owner: ['ada'] } },
  { wrong: 'null for what is never null', fields: { body: null } },
  { wrong: 'undefined', fields: { remark: undefined } },
  { wrong: 'what JSON can not hold', fields: { data: () => 1 } },
  { wrong: 'JSON with a bigint', fields: { data: { n: 1n } } },
  { wrong: 'a column that there is not', fields: { nonsense: 1 } },
  { wrong: 'a name that every object has', fields: { toString: 'x' } },
]

export function describeValues(tables: Tables): void {
  describe('values', () => {
    test.each(JSON_VALUES.map((data) => ({ data, json: JSON.stringify(data).slice(0, 60) })))(
      'JSON comes back as it was: $json',
      async ({ data }) => {
        const note = await addNote(tables(), await tables().addUser(), { data })
        const read = await tables().notes.get({ id: note.id })
        expect(JSON.stringify(read?.data)).toBe(JSON.stringify(data))
      },
    )

    test.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1, 2 ** 31, 2 ** 40])(
      'an integer comes back as it was: %d',
      async (rank) => {
        const { notes, addUser } = tables()
        const note = await addNote(tables(), await addUser(), { rank, score: rank })
        expect(await notes.get({ id: note.id })).toEqual(note)
        expect(await notes.list({ where: { owner: note.owner, rank }, limit: 1 })).toEqual([note])
      },
    )

    test.each([new Date(0), new Date(-1), new Date(1), new Date('9999-12-31T23:59:59.999Z'), new Date('0001-01-01')])(
      'an instant comes back to the millisecond: %s',
      async (until) => {
        const { notes, addUser } = tables()
        const note = await addNote(tables(), await addUser(), { writtenAt: until, until })
        expect(await notes.get({ id: note.id })).toEqual(note)
        expect(await notes.take({ id: note.id }, { writtenAt: until })).toEqual(note)
      },
    )

    test.each(WRONG)('$wrong is refused, and nothing is written', async ({ fields }) => {
      const { notes, addUser } = tables()
      const owner = await addUser()
      const note = await addNote(tables(), owner)
      // What an app without the compiler's help would hand on.
      const wrong = fields as unknown as Partial<Note>
      await expect(notes.insert({ ...noteOf(owner), ...wrong })).rejects.toThrow(TypeError)
      await expect(notes.update({ owner }, wrong)).rejects.toThrow(TypeError)
      expect(await notes.list({ where: { owner }, limit: 9 })).toEqual([note])
    })

    test.each(['id', 'owner', 'body', 'remark', 'data', 'until'] as const)(
      'a half-written row is refused: %s is missing',
      async (column) => {
        const { notes, addUser } = tables()
        const note = noteOf(await addUser())
        const { [column]: _, ...half } = note
        await expect(notes.insert(half as unknown as Note)).rejects.toThrow(TypeError)
        expect(await notes.get({ id: note.id })).toBeNull()
      },
    )

    test.each([
      { wrong: 'an empty condition', call: (): unknown => tables().notes.remove({}) },
      { wrong: 'an empty condition of an update', call: () => tables().notes.update({}, { rank: 1 }) },
      { wrong: 'undefined', call: () => tables().notes.remove({ owner: undefined as unknown as string }) },
      { wrong: 'an object', call: () => tables().notes.remove({ owner: { $ne: '' } as unknown as string }) },
      { wrong: 'an empty range', call: () => tables().notes.remove({ rank: {} }) },
      { wrong: 'another operator', call: () => tables().notes.remove({ rank: { not: 1 } as object }) },
      {
        wrong: 'a range that ends with undefined',
        call: () => tables().notes.remove({ rank: { below: undefined as unknown as number } }),
      },
      { wrong: 'JSON', call: () => tables().notes.remove({ data: 'x' as never }) },
      { wrong: 'an unknown column', call: () => tables().notes.remove({ nonsense: 1 } as object) },
      { wrong: 'half a key', call: () => tables().notes.get({ owner: 'ada' } as never) },
      { wrong: 'more than a key', call: () => tables().notes.take({ id: 'a', rank: 1 } as never) },
      { wrong: 'no key', call: () => tables().notes.take({} as never) },
      { wrong: 'a page without an end', call: () => tables().notes.list({ limit: Number.POSITIVE_INFINITY }) },
      { wrong: 'a page of nothing', call: () => tables().notes.list({ limit: 0 }) },
      {
        wrong: 'a page after half a key',
        call: () => tables().places.list({ limit: 1, after: { city: 'a' } as never }),
      },
      { wrong: 'a limit that is none', call: () => tables().notes.remove({ owner: 'a' }, -1) },
    ])('$wrong is refused', async ({ call }) => {
      const note = await addNote(tables(), await tables().addUser())
      await expect(call()).rejects.toThrow(TypeError)
      expect(await tables().notes.get({ id: note.id })).toEqual(note)
    })

    test.each([
      { wrong: 'in a table with two unique keys', call: () => tables().notes.increment(noteOf('a'), 'rank') },
      { wrong: 'in a text', call: () => tables().counters.increment(counterOf(), 'note' as never) },
      { wrong: 'in a part of the key', call: () => tables().counters.increment(counterOf(), 'window') },
      { wrong: 'by a fraction', call: () => tables().counters.increment(counterOf(), 'count', 0.5) },
      {
        wrong: 'in a column that there is not',
        call: () => tables().counters.increment(counterOf(), 'toString' as never),
      },
    ])('counting $wrong is refused', async ({ call }) => {
      await expect(call()).rejects.toThrow(TypeError)
    })
  })
}

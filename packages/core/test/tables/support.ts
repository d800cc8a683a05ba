import { tableName } from '../../src/store/tables/table-name.ts'
import type { Row, Table, TableStore } from '../../src/store/tables/table.ts'
import { CONTRACT_PLUGIN } from './specs.ts'

type Specs = (typeof CONTRACT_PLUGIN)['tables']
export type Note = Row<Specs['notes']>
export type Counter = Row<Specs['counters']>

/** The store under test, its tables opened. */
export interface OpenedStore {
  readonly store: TableStore
  readonly notes: Table<Specs['notes']>
  readonly counters: Table<Specs['counters']>
  readonly places: Table<Specs['places']>
  readonly tallies: Table<Specs['tallies']>
  readonly late: Table<Specs['late']>
  /** Makes a user, and returns their id. */
  readonly addUser: () => Promise<string>
}

export type Tables = () => OpenedStore

export function openNotes(store: TableStore, addUser: (id: string) => Promise<unknown>): OpenedStore {
  const { notes, counters, places, tallies, late } = CONTRACT_PLUGIN.tables
  const name = (table: keyof Specs) => tableName(CONTRACT_PLUGIN.id, table)
  return {
    store,
    notes: store.table(name('notes'), notes),
    counters: store.table(name('counters'), counters),
    places: store.table(name('places'), places),
    tallies: store.table(name('tallies'), tallies),
    late: store.table(name('late'), late),
    addUser: async () => {
      const id = crypto.randomUUID()
      await addUser(id)
      return id
    },
  }
}

/** The moment at which these tests happen. */
export const NOW = new Date('2026-03-01T12:00:00.123Z')

export function minutes(count: number): Date {
  return new Date(NOW.getTime() + count * 60_000)
}

export function noteOf(owner: string, fields: Partial<Note> = {}): Note {
  const id = crypto.randomUUID()
  return {
    id,
    owner,
    title: `title of ${id}`,
    body: 'A body',
    rank: 7,
    isDone: false,
    writtenAt: new Date(NOW),
    until: null,
    data: { tags: ['a'] },
    score: null,
    reader: null,
    remark: null,
    seenAt: null,
    ...fields,
  }
}

export async function addNote({ notes }: OpenedStore, owner: string, fields: Partial<Note> = {}): Promise<Note> {
  const note = noteOf(owner, fields)
  if (!(await notes.insert(note))) throw new Error('the note was not written')
  return note
}

export function counterOf(fields: Partial<Counter> = {}): Counter {
  return { name: crypto.randomUUID(), window: 1, count: 1, note: 'first', expires: minutes(60), ...fields }
}

/** Starts so many calls at once. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)))
}

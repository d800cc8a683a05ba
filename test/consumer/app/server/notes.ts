import { integer, nullable, type Row, table, text, user } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { db } from './auth.ts'

/** A table as a plug-in describes it. */
const notes = table(
  { id: text(), owner: user(), text: text(), views: integer(), until: nullable(text(), { since: 2 }) },
  { unique: [['id'], ['owner', 'text']] },
)
export type Note = Row<typeof notes>
export const book = kyselyAdapter(db).table('book_notes', notes)
export const migrateNotes = () => migrateToLatest(db, { plugins: [{ id: 'book', tables: { notes } }] })

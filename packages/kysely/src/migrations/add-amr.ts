import type { AnyKysely } from '../database.ts'
import type { Tables } from '../tables.ts'
import { addColumn } from './plugin-column.ts'
import { type Schema, textType } from './schema.ts'

/** Adds how the person of a session signed in. Null for sessions that began before. */
export async function addAmr({ db, tables, dialect }: Schema): Promise<void> {
  await addColumn({ db, dialect, table: tables.sessions, users: null, key: '' }, 'amr', textType(dialect))
}

export async function dropAmr(db: AnyKysely, { sessions }: Tables): Promise<void> {
  await db.schema.alterTable(sessions).dropColumn('amr').execute()
}

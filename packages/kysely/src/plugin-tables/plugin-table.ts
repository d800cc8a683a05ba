import type { Column, TableSpec } from '@latchkey/core'
import { columnName } from '@latchkey/core/store'
import type { Kysely } from 'kysely'
import type { DialectName } from '../dialect.ts'

/** What the queries of plug-ins' tables know of a database: their columns are known when they run. */
export type PluginDatabase = Record<string, Record<string, unknown>>

/** A plug-in's table, as its queries need it. */
export interface PluginTable {
  readonly db: Kysely<PluginDatabase>
  readonly dialect: DialectName
  readonly name: string
  readonly columns: readonly PluginColumn[]
  /** The fields that are texts. */
  readonly texts: ReadonlySet<string>
  /** The columns of the first unique key, as the database calls them. */
  readonly primaryKey: readonly string[]
  /** The table of users that columns refer to; null if the users are in another store. */
  readonly users: string | null
}

export interface PluginColumn {
  /** As rows call it: `changedAt`. */
  readonly field: string
  /** As the database calls it: `changed_at`. */
  readonly name: string
  readonly type: Column
}

export function describeColumns({ columns }: TableSpec): readonly PluginColumn[] {
  return Object.entries(columns).map(([field, type]) => ({ field, name: columnName(field), type }))
}

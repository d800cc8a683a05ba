import type { Kysely } from 'kysely'
import { type AnyKysely, asAnyTables } from '../database.ts'
import { type DialectName, dialectOf } from '../dialect.ts'
import { requireTableName, type Tables } from '../tables.ts'

/** The tables of another library, by the names that they and their columns have in the database. */
export interface TheirTables {
  readonly users: {
    readonly table: string
    readonly id: string
    readonly name: string
    readonly email: string
    readonly emailVerified: string
    readonly image: string
  }
  readonly accounts: {
    readonly table: string
    readonly userId: string
    readonly provider: string
    readonly providerAccountId: string
  }
  readonly sessions: {
    readonly table: string
    readonly token: string
    readonly userId: string
    readonly expires: string
  }
}

/** What differs between the libraries besides names. */
export interface TheirLibrary {
  readonly tables: TheirTables
  /** How SQLite has instants: as text (ISO 8601) or as a number (milliseconds). The other databases have a type for them. */
  readonly sqliteInstants: 'text' | 'number'
  /** A column of accounts that says their type; null: the library has none. */
  readonly accountType: string | null
  /** The provider id of what is an account there and a password here; null: none is. */
  readonly passwordProvider: string | null
  /** When a user or a session was made. null: the library doesn't keep it, and verified addresses have an instant instead of a yes. */
  readonly createdAt: string | null
  /** Columns that are set to the current time with every write. */
  readonly updatedAt: string | null
}

/** The tables as the queries on them need them. */
export interface Their extends TheirLibrary {
  readonly db: Kysely<Record<string, Record<string, unknown>>>
  readonly dialect: DialectName
  /** Columns of users, beyond those that every library has, that both libraries' tables have under one name. */
  readonly userColumns: readonly string[]
}

/** @throws TypeError if a name is no plain identifier, or a table of theirs is one of ours */
export function openTheir(
  db: AnyKysely,
  library: TheirLibrary,
  { ours, userColumns = [] }: { readonly ours: Tables; readonly userColumns?: readonly string[] | undefined },
): Their {
  for (const [key, { table, ...columns }] of Object.entries(library.tables)) {
    requireTableName(`theirTables.${key}`, table)
    for (const name of Object.values<string>(columns)) requireTableName(`theirColumns.${key}`, name)
    if (Object.values<string>(ours).includes(table))
      throw new TypeError(
        `theirTables.${key}: "${table}" is a table of Latchkey; give its own another name with tables`,
      )
  }
  return { ...library, db: asAnyTables(db), dialect: dialectOf(db), userColumns }
}

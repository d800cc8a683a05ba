import { type Column, instant, type Row, type Table, table, type TableSpec, text, user } from '@latchkey/core'
import { guesses, type GuessSpec } from '../shared/tables.ts'

type ChangeSpec = TableSpec<
  {
    readonly user: Column<string>
    readonly id: Column<string>
    readonly digest: Column<string>
    readonly email: Column<string>
    readonly expires: Column<Date>
  },
  readonly [readonly ['user']]
>

/** The change that a person has asked for, one at a time: a newer one takes its place. */
const changes: ChangeSpec = table(
  { user: user(), id: text(), digest: text(), email: text(), expires: instant() },
  { unique: [['user']], expires: 'expires' },
)

export const tables: { readonly changes: ChangeSpec; readonly guesses: GuessSpec } = { changes, guesses }

export interface Tables {
  readonly changes: Table<ChangeSpec>
  readonly guesses: Table<GuessSpec>
}

export type ChangeRow = Row<ChangeSpec>

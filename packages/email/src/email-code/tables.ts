import { type Column, instant, type Table, table, type TableSpec, text } from '@latchkey/core'
import { devices, type DeviceSpec, guesses, type GuessSpec, type SharedTables } from '../shared/tables.ts'

type CodeSpec = TableSpec<
  {
    readonly browser: Column<string>
    readonly id: Column<string>
    readonly digest: Column<string>
    readonly expires: Column<Date>
  },
  readonly [readonly ['browser']]
>

/** The code that a browser or app waits for, one at a time: a newer one takes its place. */
const codes: CodeSpec = table(
  { browser: text(), id: text(), digest: text(), expires: instant() },
  { unique: [['browser']], expires: 'expires' },
)

export const tables: { readonly codes: CodeSpec; readonly guesses: GuessSpec; readonly devices: DeviceSpec } = {
  codes,
  guesses,
  devices,
}

export interface Tables extends SharedTables {
  readonly codes: Table<CodeSpec>
}

import { type Column, instant, nullable, type Row, type Table, table, type TableSpec, text } from '@latchkey/core'
import { devices, type DeviceSpec, guesses, type GuessSpec, type SharedTables } from '../shared/tables.ts'

type LinkSpec = TableSpec<
  {
    readonly browser: Column<string>
    readonly id: Column<string>
    readonly token: Column<string>
    readonly digest: Column<string>
    readonly email: Column<string>
    readonly redirectTo: Column<string | null>
    readonly expires: Column<Date>
  },
  readonly [readonly ['browser'], readonly ['token']]
>

/**
 * The link that a browser or app waits for, one at a time: a newer one takes its place. `token` and `digest` are digests, of what is in the link and
 * of the code that its page shows in another browser; using either takes the row.
 */
const links: LinkSpec = table(
  {
    browser: text(),
    id: text(),
    token: text(),
    digest: text(),
    email: text(),
    redirectTo: nullable(text()),
    expires: instant(),
  },
  { unique: [['browser'], ['token']], expires: 'expires' },
)

export const tables: { readonly links: LinkSpec; readonly guesses: GuessSpec; readonly devices: DeviceSpec } = {
  links,
  guesses,
  devices,
}

export interface Tables extends SharedTables {
  readonly links: Table<LinkSpec>
}

export type LinkRow = Row<LinkSpec>

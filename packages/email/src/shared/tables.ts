import { type Column, instant, integer, type Table, table, type TableSpec, text } from '@latchkey/core'

export type GuessSpec = TableSpec<
  { readonly request: Column<string>; readonly count: Column<number>; readonly expires: Column<Date> },
  readonly [readonly ['request']]
>

/** How many guesses were made at a code. A table of its own: counting is then one write, which brings back no code that was used. */
export const guesses: GuessSpec = table(
  { request: text(), count: integer(), expires: instant() },
  { unique: [['request']], expires: 'expires' },
)

export type DeviceSpec = TableSpec<
  { readonly key: Column<string>; readonly expires: Column<Date> },
  readonly [readonly ['key']]
>

/** Which browsers and apps have proven which address: a digest of both, so that neither can be read from it. */
export const devices: DeviceSpec = table({ key: text(), expires: instant() }, { unique: [['key']], expires: 'expires' })

/** The tables of every plug-in here that signs people in, opened. */
export interface SharedTables {
  readonly guesses: Table<GuessSpec>
  readonly devices: Table<DeviceSpec>
}

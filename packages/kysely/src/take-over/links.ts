import { type Column, instant, type Table, table, type TableSpec, text, user } from '@latchkey/core'

type LinkColumns = {
  /** SHA-256 of the token: as `sessionToken` has it. */
  readonly hash: Column<string>
  readonly session: Column<string>
  /** As the other library's table has it, and only as long as that table does. */
  readonly token: Column<string>
  readonly user: Column<string>
  readonly expires: Column<Date>
}

export type LinkSpec = TableSpec<LinkColumns, readonly [readonly ['hash'], readonly ['session']]>

/** Which of our sessions is also a row of the other library's. */
export const links: LinkSpec = table(
  { hash: text(), session: text(), token: text(), user: user(), expires: instant() },
  { unique: [['hash'], ['session']], expires: 'expires' },
)

export type Links = Table<LinkSpec>

import { type Column, instant, nullable, type Row, type Table, table, type TableSpec, text, user } from '@latchkey/core'

type HashColumns = { readonly user: Column<string>; readonly hash: Column<string>; readonly changedAt: Column<Date> }
type HashSpec = TableSpec<HashColumns, readonly [readonly ['user']]>

type SignUpColumns = {
  /** Of the token in the mail. */
  readonly digest: Column<string>
  /** Of what the browser that signed up keeps. */
  readonly browser: Column<string>
  readonly email: Column<string>
  readonly name: Column<string | null>
  readonly hash: Column<string>
  readonly expires: Column<Date>
}
type SignUpSpec = TableSpec<SignUpColumns, readonly [readonly ['digest']]>

type ResetColumns = {
  readonly digest: Column<string>
  readonly user: Column<string>
  /** Where it was sent: it is worth nothing once the user has another address. */
  readonly email: Column<string>
  readonly expires: Column<Date>
}
type ResetSpec = TableSpec<ResetColumns, readonly [readonly ['digest']]>

const hashes: HashSpec = table({ user: user(), hash: text(), changedAt: instant() }, { unique: [['user']] })

/** Who has signed up and must verify their address first. Nobody exists yet, so no address is taken by it, and one may wait several times. */
const signUps: SignUpSpec = table(
  {
    digest: text(),
    browser: text(),
    email: text(),
    name: nullable(text()),
    hash: text(),
    expires: instant(),
  },
  { unique: [['digest']], indexes: [['email']], expires: 'expires' },
)

const resets: ResetSpec = table(
  { digest: text(), user: user(), email: text(), expires: instant() },
  { unique: [['digest']], expires: 'expires' },
)

export const tables: { readonly hashes: HashSpec; readonly signUps: SignUpSpec; readonly resets: ResetSpec } = {
  hashes,
  signUps,
  resets,
}

/** The tables, opened. */
export interface Tables {
  readonly hashes: Table<HashSpec>
  readonly signUps: Table<SignUpSpec>
  readonly resets: Table<ResetSpec>
}

export type HashRow = Row<HashSpec>
export type SignUpRow = Row<SignUpSpec>

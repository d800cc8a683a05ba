import {
  type Column,
  instant,
  json,
  nullable,
  type Row,
  type Table,
  table,
  type TableSpec,
  text,
  user,
} from '@latchkey/core'

type FlowSpec = TableSpec<
  { readonly digest: Column<string>; readonly expires: Column<Date> },
  readonly [readonly ['digest']]
>

type CodeSpec = TableSpec<
  {
    readonly digest: Column<string>
    readonly sealed: Column<readonly string[]>
    readonly expires: Column<Date>
  },
  readonly [readonly ['digest']]
>

type TokenColumns = {
  readonly user: Column<string>
  readonly provider: Column<string>
  readonly subject: Column<string>
  /** The tokens, encrypted. */
  readonly sealed: Column<readonly string[]>
  /** Changes with every write, so that of several that refresh one writes. */
  readonly version: Column<string>
  readonly expires: Column<Date | null>
  /** Until when somebody refreshes them; of several instances one does. */
  readonly busyUntil: Column<Date>
  readonly updatedAt: Column<Date>
}
type TokenSpec = TableSpec<TokenColumns, readonly [readonly ['user', 'provider', 'subject']]>

/** Flows that have come back: none comes back twice. */
const flows: FlowSpec = table({ digest: text(), expires: instant() }, { unique: [['digest']], expires: 'expires' })

/** One-time codes of native clients. */
const codes: CodeSpec = table(
  { digest: text(), sealed: json<readonly string[]>(), expires: instant() },
  { unique: [['digest']], expires: 'expires' },
)

/** Tokens of providers. */
const tokens: TokenSpec = table(
  {
    user: user(),
    provider: text(),
    subject: text(),
    sealed: json<readonly string[]>(),
    version: text(),
    expires: nullable(instant()),
    busyUntil: instant(),
    updatedAt: instant(),
  },
  { unique: [['user', 'provider', 'subject']] },
)

export const tables: { readonly flows: FlowSpec; readonly codes: CodeSpec; readonly tokens: TokenSpec } = {
  flows,
  codes,
  tokens,
}

/** The tables, opened. */
export interface Tables {
  readonly flows: Table<FlowSpec>
  readonly codes: Table<CodeSpec>
  readonly tokens: Table<TokenSpec>
}

export type TokenRow = Row<TokenSpec>

import {
  type Column,
  instant,
  integer,
  json,
  nullable,
  type Row,
  type Table,
  table,
  type TableSpec,
  text,
  user,
} from '@latchkey/core'

type KeyColumns = {
  readonly id: Column<string>
  readonly user: Column<string>
  /** From 0 to `maxPerUser` - 1: that it is unique keeps a user from having more. */
  readonly slot: Column<number>
  readonly name: Column<string>
  readonly digest: Column<string>
  readonly start: Column<string>
  readonly scopes: Column<readonly string[]>
  readonly createdAt: Column<Date>
  readonly expires: Column<Date | null>
  readonly lastUsedAt: Column<Date | null>
}
type KeySpec = TableSpec<KeyColumns, readonly [readonly ['id'], readonly ['digest'], readonly ['user', 'slot']]>

type UseColumns = {
  readonly key: Column<string>
  readonly window: Column<number>
  readonly count: Column<number>
  readonly expires: Column<Date>
}
type UseSpec = TableSpec<UseColumns, readonly [readonly ['key', 'window']]>

const keys: KeySpec = table(
  {
    id: text(),
    user: user(),
    slot: integer(),
    name: text(),
    digest: text(),
    start: text(),
    scopes: json<readonly string[]>(),
    createdAt: instant(),
    expires: nullable(instant()),
    lastUsedAt: nullable(instant()),
  },
  { unique: [['id'], ['digest'], ['user', 'slot']], expires: 'expires' },
)

/** How often a key was used in a window of time: the window is part of the key, so that counting is one write. */
const uses: UseSpec = table(
  { key: text(), window: integer(), count: integer(), expires: instant() },
  { unique: [['key', 'window']], expires: 'expires' },
)

export const tables: { readonly keys: KeySpec; readonly uses: UseSpec } = { keys, uses }

/** The tables, opened. */
export interface Tables {
  readonly keys: Table<KeySpec>
  readonly uses: Table<UseSpec>
}

export type KeyRow = Row<KeySpec>

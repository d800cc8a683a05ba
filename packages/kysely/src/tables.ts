/** The names of the tables. A name may include its schema: `auth.sessions`. */
export interface TableNames {
  /** The table of users. @default 'users' */
  readonly users?: string
  /** The table of their accounts at other services. @default 'accounts' */
  readonly accounts?: string
  /** The table of sessions. @default 'sessions' */
  readonly sessions?: string
  /** The table of one-time tokens. @default 'verification_tokens' */
  readonly verification_tokens?: string
}

/** The option that the adapter and its migrations share. */
export interface TablesOption {
  /**
   * Other names for the tables. Give the adapter and its migrations the same ones.
   *
   * @default `users`, `accounts`, `sessions`, `verification_tokens`
   */
  readonly tables?: TableNames
}

const DEFAULT_TABLES = {
  users: 'users',
  accounts: 'accounts',
  sessions: 'sessions',
  verification_tokens: 'verification_tokens',
} as const

/** The configured names, in the types of the default ones, so that queries are checked against the schema whatever it is called. */
export type Tables = typeof DEFAULT_TABLES

/** @throws TypeError if a name is no plain identifier or two tables share one */
export function readTables({ tables = {} }: TablesOption): Tables {
  const given = Object.entries(tables).filter(([, name]) => name !== undefined)
  const names = { ...DEFAULT_TABLES, ...Object.fromEntries(given) }
  for (const [table, name] of Object.entries(names)) {
    if (!(table in DEFAULT_TABLES)) throw new TypeError(`tables.${table}: there is no such table; name one of ${KNOWN}`)
    requireTableName(`tables.${table}`, name)
  }
  if (new Set(Object.values(names)).size < Object.keys(DEFAULT_TABLES).length) {
    throw new TypeError('tables: two of them have the same name; give each its own')
  }
  return names
}

/** @throws TypeError if it is no plain identifier */
export function requireTableName(option: string, name: string): string {
  if (IDENTIFIER.test(name)) return name
  throw new TypeError(`${option}: write a name such as 'auth_users' or 'auth.users'`)
}

const KNOWN = Object.keys(DEFAULT_TABLES).join(', ')
const IDENTIFIER = /^[\w$]+(?:\.[\w$]+)?$/

/** A table's name without its schema: what the names of its indexes begin with. */
export function bareName(table: string): string {
  return table.slice(table.indexOf('.') + 1)
}

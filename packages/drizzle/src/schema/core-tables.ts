import { bareName, type ColumnKind, type ColumnShape, type TableShape } from './shape.ts'

/** The names of the library's own tables, each given. */
export interface Names {
  readonly users: string
  readonly accounts: string
  readonly sessions: string
  readonly verification_tokens: string
}

/** The library's own tables, as its migrations make them. The index of users' addresses is each database's own. */
export function describeCoreTables(names: Names): Readonly<Record<keyof Names, TableShape>> {
  return {
    users: describeUsers(names.users),
    accounts: describeAccounts(names.accounts),
    sessions: describeSessions(names.sessions),
    verification_tokens: describeVerificationTokens(names.verification_tokens),
  }
}

function describeUsers(name: string): TableShape {
  const columns = [
    column('id', 'id', 'name'),
    nullable('name', 'name', 'text'),
    nullable('email', 'email', 'name'),
    nullable('emailVerified', 'email_verified', 'instant'),
    nullable('image', 'image', 'text'),
  ]
  return { name, columns, primaryKey: key(name, 'pkey', 'id'), unique: [], indexes: [] }
}

function describeAccounts(name: string): TableShape {
  return {
    name,
    columns: [
      column('provider', 'provider', 'name'),
      column('providerAccountId', 'provider_account_id', 'name'),
      column('type', 'type', 'name'),
      { ...column('userId', 'user_id', 'name'), userKey: `${bareName(name)}_user_id_fkey` },
    ],
    primaryKey: key(name, 'pkey', 'provider', 'providerAccountId'),
    unique: [],
    indexes: [key(name, 'user_id_index', 'userId')],
  }
}

function describeSessions(name: string): TableShape {
  return {
    name,
    columns: [
      column('id', 'id', 'name'),
      column('sessionToken', 'session_token', 'name'),
      { ...column('userId', 'user_id', 'name'), userKey: `${bareName(name)}_user_id_fkey` },
      column('expires', 'expires', 'instant'),
      column('createdAt', 'created_at', 'instant'),
      column('lastSeenAt', 'last_seen_at', 'instant'),
      nullable('userAgent', 'user_agent', 'text'),
      nullable('ip', 'ip', 'text'),
      nullable('claims', 'claims', 'json'),
      { ...column('revision', 'revision', 'integer'), default: 0 },
      { ...column('generation', 'generation', 'integer'), default: 0 },
      nullable('rotatedAt', 'rotated_at', 'instant'),
      nullable('revokedAt', 'revoked_at', 'instant'),
      nullable('amr', 'amr', 'text'),
    ],
    primaryKey: key(name, 'pkey', 'id'),
    unique: [key(name, 'session_token_key', 'sessionToken')],
    indexes: [key(name, 'user_id_index', 'userId'), key(name, 'expires_index', 'expires')],
  }
}

function describeVerificationTokens(name: string): TableShape {
  return {
    name,
    columns: [
      column('identifier', 'identifier', 'name'),
      column('token', 'token', 'name'),
      column('expires', 'expires', 'instant'),
    ],
    primaryKey: key(name, 'pkey', 'identifier', 'token'),
    unique: [],
    indexes: [key(name, 'expires_index', 'expires')],
  }
}

/** A table that lists which migrations have run. */
export function describeHistory(name: string): TableShape {
  const columns = [column('name', 'name', 'label'), column('timestamp', 'timestamp', 'label')]
  return { name, columns, primaryKey: key(name, 'pkey', 'name'), unique: [], indexes: [] }
}

function column(field: string, name: string, kind: ColumnKind): ColumnShape {
  return { field, name, kind }
}

function nullable(field: string, name: string, kind: ColumnKind): ColumnShape {
  return { field, name, kind, isNullable: true }
}

function key(table: string, ending: string, ...fields: readonly string[]) {
  return { name: `${bareName(table)}_${ending}`, fields }
}

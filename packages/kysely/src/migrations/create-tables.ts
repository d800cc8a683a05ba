import { bareName } from '../tables.ts'
import {
  checkColumns,
  createIndex,
  createIndexNamed,
  hasUniqueConstraints,
  jsonType,
  nameType,
  type Schema,
  textType,
} from './schema.ts'

export async function createAccounts(schema: Schema): Promise<void> {
  const { db, tables, dialect } = schema
  const name = bareName(tables.accounts)
  await db.schema
    .createTable(tables.accounts)
    .ifNotExists()
    .addColumn('provider', nameType(dialect), (column) => column.notNull())
    .addColumn('provider_account_id', nameType(dialect), (column) => column.notNull())
    .addColumn('type', nameType(dialect), (column) => column.notNull())
    .addColumn('user_id', nameType(dialect), (column) => column.notNull())
    .addPrimaryKeyConstraint(`${name}_pkey`, ['provider', 'provider_account_id'])
    .addForeignKeyConstraint(`${name}_user_id_fkey`, ['user_id'], tables.users, ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await checkColumns(schema, tables.accounts, ['provider', 'provider_account_id', 'type', 'user_id'])
  await createIndex(schema, tables.accounts, 'user_id')
}

export async function createSessions(schema: Schema): Promise<void> {
  const { db, tables, dialect } = schema
  const name = bareName(tables.sessions)
  const tokenKey = `${name}_session_token_key`
  const create = db.schema
    .createTable(tables.sessions)
    .ifNotExists()
    .addColumn('id', nameType(dialect), (column) => column.notNull().primaryKey())
    .addColumn('session_token', nameType(dialect), (column) => column.notNull())
    .addColumn('user_id', nameType(dialect), (column) => column.notNull())
    .addColumn('expires', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('user_agent', textType(dialect))
    .addColumn('ip', textType(dialect))
    .addColumn('claims', jsonType(dialect))
    .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('generation', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('rotated_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addForeignKeyConstraint(`${name}_user_id_fkey`, ['user_id'], tables.users, ['id'], (key) =>
      key.onDelete('cascade'),
    )
  const hasKey = hasUniqueConstraints(dialect)
  await (hasKey ? create.addUniqueConstraint(tokenKey, ['session_token']) : create).execute()
  await checkColumns(schema, tables.sessions, SESSION_COLUMNS)
  if (!hasKey) await createIndexNamed(schema, tokenKey, tables.sessions, ['session_token'], { isUnique: true })
  await createIndex(schema, tables.sessions, 'user_id')
  await createIndex(schema, tables.sessions, 'expires')
}

const SESSION_COLUMNS = [
  'id',
  'session_token',
  'user_id',
  'expires',
  'created_at',
  'last_seen_at',
  'user_agent',
  'ip',
  'claims',
  'revision',
  'generation',
  'rotated_at',
  'revoked_at',
] as const

export async function createVerificationTokens(schema: Schema): Promise<void> {
  const { db, tables, dialect } = schema
  await db.schema
    .createTable(tables.verification_tokens)
    .ifNotExists()
    .addColumn('identifier', nameType(dialect), (column) => column.notNull())
    .addColumn('token', nameType(dialect), (column) => column.notNull())
    .addColumn('expires', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint(`${bareName(tables.verification_tokens)}_pkey`, ['identifier', 'token'])
    .execute()
  await checkColumns(schema, tables.verification_tokens, ['identifier', 'token', 'expires'])
  await createIndex(schema, tables.verification_tokens, 'expires')
}

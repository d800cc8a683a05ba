import type { CreateTableBuilder } from 'kysely'
import { sql } from 'kysely'
import { bareName } from '../tables.ts'
import { checkColumns, nameType, type Schema, textType } from './schema.ts'

/** Addresses are kept as they are given and are unique whatever the case of their letters. */
export async function createUsers(schema: Schema): Promise<void> {
  const { db, tables, dialect } = schema
  const users = db.schema
    .createTable(tables.users)
    .ifNotExists()
    .addColumn('id', nameType(dialect), (column) => column.notNull().primaryKey())
    .addColumn('name', textType(dialect))
    .addColumn('email', nameType(dialect))
    .addColumn('email_verified', 'bigint')
    .addColumn('image', textType(dialect))
  await (dialect === 'mysql' ? withEmailKey(users, schema) : users).execute()
  await checkColumns(schema, tables.users, dialect === 'mysql' ? [...COLUMNS, 'email_key'] : COLUMNS)
  if (dialect !== 'mysql') await createEmailIndex(schema)
}

const COLUMNS = ['id', 'name', 'email', 'email_verified', 'image']

/** MariaDB can't index an expression, but a column that is computed from one. Invisible, it stays out of `select *`. */
function withEmailKey<TTable extends string>(users: CreateTableBuilder<TTable>, { tables, dialect }: Schema) {
  return users
    .addColumn('email_key', nameType(dialect), (column) =>
      column.generatedAlwaysAs(sql`lower(${sql.ref('email')})`).modifyEnd(sql`invisible`),
    )
    .addUniqueConstraint(`${bareName(tables.users)}_email_key`, ['email_key'])
}

async function createEmailIndex({ db, tables, dialect }: Schema): Promise<void> {
  const email = sql.ref('email')
  await db.schema
    .createIndex(`${bareName(tables.users)}_email_key`)
    .ifNotExists()
    .unique()
    .on(tables.users)
    .expression(dialect === 'postgres' ? sql`lower(${email} collate "C")` : sql`lower(${email})`)
    .execute()
}

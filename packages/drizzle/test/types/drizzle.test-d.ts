import { drizzle } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { relations } from 'drizzle-orm'
import { boolean, pgTable, text } from 'drizzle-orm/pg-core'
import { createAuth, type CompleteAdapter } from '@latchkey/core'
import type { Kysely } from 'kysely'
import { expectTypeOf, test } from 'vitest'
import { drizzleAdapter, kyselyOf } from '../../src/index.ts'
import { latchkeyTables as mysqlTables } from '../../src/schema/mysql.ts'
import { latchkeyTables } from '../../src/schema/pg.ts'
import { latchkeyTables as sqliteTables } from '../../src/schema/sqlite.ts'

const { users, sessions } = latchkeyTables({ userColumns: { isStaff: boolean('is_staff').notNull().default(false) } })
const posts = pgTable('posts', { id: text('id').primaryKey(), authorId: text('author_id').notNull() })
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
const db = drizzle('postgres://localhost/app', { schema: { users, sessions, posts, usersRelations } })

test('a database of Drizzle is taken, with or without a schema; nothing else is', () => {
  expectTypeOf(drizzleAdapter(db)).toEqualTypeOf<CompleteAdapter>()
  drizzleAdapter(drizzlePostgresJs('postgres://localhost/app'), { tables: { users: 'people' }, writeTimeout: '1s' })
  createAuth({ secret: 's', adapter: drizzleAdapter(db) })
  // @ts-expect-error a client by itself
  drizzleAdapter(db.$client)
  // @ts-expect-error nothing
  drizzleAdapter({})
  // @ts-expect-error a table that there is not
  drizzleAdapter(db, { tables: { persons: 'people' } })
  // @ts-expect-error a transaction, which ends
  void db.transaction(async (transaction) => drizzleAdapter(transaction))
})

test('kyselyOf has the tables that its caller names', () => {
  interface Tables {
    readonly posts: { readonly id: string }
  }
  expectTypeOf(kyselyOf<Tables>(db)).toEqualTypeOf<Kysely<Tables>>()
  void kyselyOf<Tables>(db).selectFrom('posts').select('id')
  // @ts-expect-error a table that it doesn't have
  void kyselyOf<Tables>(db).selectFrom('comments')
})

test('rows have the types of their columns, those of the app beside them', () => {
  type User = typeof users.$inferSelect
  expectTypeOf<User>().toEqualTypeOf<{
    id: string
    name: string | null
    email: string | null
    emailVerified: Date | null
    image: string | null
    isStaff: boolean
  }>()
  expectTypeOf<typeof sessions.$inferSelect.expires>().toEqualTypeOf<Date>()
  expectTypeOf<typeof sessions.$inferSelect.revision>().toEqualTypeOf<number>()
  const row: typeof users.$inferInsert = { id: 'ada' }
  void row
  // @ts-expect-error there is no user without an id
  const nobody: typeof users.$inferInsert = { name: 'Ada' }
  void nobody
})

test('relational queries know the relations', () => {
  const query = db.query.users.findFirst({ with: { posts: true } })
  expectTypeOf<NonNullable<Awaited<typeof query>>['posts']>().toEqualTypeOf<{ id: string; authorId: string }[]>()
  // @ts-expect-error no such relation
  void db.query.users.findFirst({ with: { comments: true } })
})

test('tables may have other names', () => {
  expectTypeOf<(typeof users)['_']['name']>().toEqualTypeOf<'users'>()
  const { users: people } = latchkeyTables({ tables: { users: 'people' } })
  expectTypeOf<(typeof people)['_']['name']>().toEqualTypeOf<'people'>()
  // @ts-expect-error there is no such table
  latchkeyTables({ tables: { persons: 'people' } })
  // @ts-expect-error a column of another database
  mysqlTables({ userColumns: { isStaff: boolean('is_staff') } })
  const { users: readers } = sqliteTables()
  expectTypeOf<typeof readers.$inferSelect.emailVerified>().toEqualTypeOf<Date | null>()
})

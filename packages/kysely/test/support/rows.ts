import { sql } from 'kysely'
import { minutes, NOW, sessionOf } from '../../../core/test/adapter/support.ts'
import type { Db } from './database.ts'

export { minutes, NOW, sessionOf }

/** Every row of every table that an app has with us, and of one that is only its own. */
export async function dump(db: Db): Promise<Readonly<Record<string, readonly unknown[]>>> {
  return {
    users: await db.selectFrom('users').selectAll().orderBy('id').execute(),
    accounts: await db.selectFrom('accounts').selectAll().orderBy('provider_account_id').execute(),
    sessions: await db.selectFrom('sessions').selectAll().orderBy('id').execute(),
    tokens: await db.selectFrom('verification_tokens').selectAll().orderBy('identifier').execute(),
    posts: await db.selectFrom('posts').selectAll().orderBy('id').execute(),
  }
}

/** What an app adds in migrations of its own. */
export async function addAppColumns(db: Db): Promise<void> {
  const text = sql`varchar(255)`
  await db.schema
    .alterTable('users')
    .addColumn('role', text, (column) => column.defaultTo('member'))
    .execute()
  for (const column of ['orgId', 'settings', 'expires', 'session_token', 'user_id', 'claims']) {
    await db.schema.alterTable('users').addColumn(column, text).execute()
  }
}

export async function addPosts(db: Db): Promise<void> {
  await db.schema
    .createTable('posts')
    .addColumn('id', 'integer')
    .addColumn('title', sql`varchar(255)`)
    .execute()
  await db.insertInto('posts').values({ id: 1, title: 'kept' }).execute()
}

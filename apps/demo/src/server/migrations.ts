import type { Kysely, Migration } from 'kysely'

/** The demo's own: columns beside the library's in `users`, and tables that only the demo knows. */
export const migrations: Record<string, Migration> = {
  '2026-01-organisations': {
    async up(db: Kysely<never>) {
      await db.schema
        .alterTable('users')
        .addColumn('role', 'text', (col) => col.notNull().defaultTo('member'))
        .execute()
      await db.schema.alterTable('users').addColumn('org_id', 'text').execute()
      await db.schema
        .createTable('organisations')
        .addColumn('id', 'text', (col) => col.primaryKey())
        .addColumn('name', 'text', (col) => col.notNull())
        .execute()
      await db.schema
        .createTable('memberships')
        .addColumn('user_id', 'text', (col) => col.notNull().references('users.id').onDelete('cascade'))
        .addColumn('org_id', 'text', (col) => col.notNull().references('organisations.id').onDelete('cascade'))
        .addPrimaryKeyConstraint('memberships_pk', ['user_id', 'org_id'])
        .execute()
    },
  },
  '2026-11-mails': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('mails')
        .addColumn('id', 'text', (col) => col.primaryKey())
        .addColumn('to', 'text', (col) => col.notNull())
        .addColumn('subject', 'text', (col) => col.notNull())
        .addColumn('text', 'text', (col) => col.notNull())
        .addColumn('html', 'text', (col) => col.notNull())
        .addColumn('sent_at', 'bigint', (col) => col.notNull())
        .execute()
    },
  },
}

import { isText } from '../same-text.ts'
import { createRowDefaults } from '../take-over/their-rows.ts'
import { readInstant, toInstant, writeInstant } from '../take-over/their-instants.ts'
import type { Their } from '../take-over/their-tables.ts'
import { PASSWORD_PROVIDER } from './library.ts'

/** A password's hash in better-auth's table of accounts. */
export interface TheirPassword {
  readonly hash: string
  readonly changedAt: Date
}

export interface TheirPasswords {
  readonly get: (user: string) => Promise<TheirPassword | null>
  /**
   * @param only the hash that must be there
   * @returns how many rows were written
   */
  readonly set: (user: string, hash: string, only?: string) => Promise<number>
  readonly insert: (user: string, hash: string) => Promise<void>
  readonly remove: (user: string) => Promise<void>
}

export function theirPasswords(their: Their, column: string): TheirPasswords {
  const { db, dialect, tables } = their
  const { table, userId, provider, providerAccountId } = tables.accounts
  const updatedAt = their.updatedAt ?? 'updatedAt'
  const defaults = createRowDefaults(their)
  return {
    get: async (user) => {
      const rows = await db
        .selectFrom(table)
        .select([`${column} as theirHash`, readInstant(their, updatedAt).as('theirChange')])
        .where(isText(dialect, userId, user))
        .where(provider, '=', PASSWORD_PROVIDER)
        .execute()
      const row = rows.find(({ theirHash }) => typeof theirHash === 'string')
      return row ? { hash: String(row.theirHash), changedAt: toInstant(row.theirChange) ?? new Date(0) } : null
    },
    set: async (user, hash, only) => {
      const { numUpdatedRows } = await db
        .updateTable(table)
        .set({ [column]: hash, [updatedAt]: writeInstant(their, new Date()) })
        .where(isText(dialect, userId, user))
        .where(provider, '=', PASSWORD_PROVIDER)
        .$if(only !== undefined, (query) => query.where(isText(dialect, column, only ?? '')))
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },
    insert: async (user, hash) => {
      await db
        .insertInto(table)
        .values({
          ...(await defaults(table, provider)),
          [userId]: user,
          [provider]: PASSWORD_PROVIDER,
          [providerAccountId]: user,
          [column]: hash,
        })
        .execute()
    },
    remove: async (user) => {
      await db
        .deleteFrom(table)
        .where(isText(dialect, userId, user))
        .where(provider, '=', PASSWORD_PROVIDER)
        .execute()
    },
  }
}

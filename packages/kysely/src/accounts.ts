import type { CompleteAdapter } from '@latchkey/core'
import { sql } from 'kysely'
import type { AccountsTable } from './database.ts'
import { type Param, prepare } from './prepare.ts'
import { requireStorable, isStorable } from './rows/text.ts'
import { toUser } from './rows/user-row.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { countAffected } from './writes.ts'

type AccountMethods = Pick<CompleteAdapter, 'getUserByAccount' | 'linkAccount' | 'listAccounts' | 'unlinkAccount'>

/** Which provider's accounts belong to which user. A provider's tokens are not kept: they authenticate, and nothing here needs them. */
export function accountMethods(store: Store): AccountMethods {
  const { db, tables, dialect } = store
  const link = prepareLink(store)
  const byAccount = prepare(db, (param: Param<{ provider: string; providerAccountId: string }>) =>
    db
      .selectFrom(`${tables.accounts} as a`)
      .innerJoin(`${tables.users} as u`, 'u.id', 'a.user_id')
      .selectAll('u')
      .where(isText(dialect, 'a.provider', param('provider')))
      .where(isText(dialect, 'a.provider_account_id', param('providerAccountId'))),
  )
  const ofUser = prepare(db, (param: Param<{ userId: string }>) =>
    db
      .selectFrom(tables.accounts)
      .select(['provider', 'provider_account_id as providerAccountId', 'type'])
      .where(isText(dialect, 'user_id', param('userId')))
      .orderBy('provider')
      .orderBy('provider_account_id'),
  )
  return {
    getUserByAccount: async ({ provider, providerAccountId }) => {
      if (!isStorable(provider) || !isStorable(providerAccountId)) return null
      const [user] = (await byAccount({ provider, providerAccountId })).rows
      return user ? toUser({ ...user }) : null
    },
    linkAccount: async ({ provider, providerAccountId, type, userId }) => {
      const account = {
        provider: requireStorable('provider', provider),
        provider_account_id: requireStorable('providerAccountId', providerAccountId),
        type: requireStorable('type', type),
        user_id: requireStorable('userId', userId),
      }
      await link(account)
    },
    listAccounts: async (userId) => {
      if (!isStorable(userId)) return []
      const { rows } = await ofUser({ userId })
      return rows.map((account) => ({ ...account, userId }))
    },
    unlinkAccount: async ({ provider, providerAccountId, userId }) => {
      if (!isStorable(provider) || !isStorable(providerAccountId)) return
      // No database has such a user.
      if (userId !== undefined && !isStorable(userId)) return
      await db
        .deleteFrom(tables.accounts)
        .where(isText(dialect, 'provider', provider))
        .where(isText(dialect, 'provider_account_id', providerAccountId))
        .$if(userId !== undefined, (query) => query.where(isText(dialect, 'user_id', userId ?? '')))
        .execute()
    },
  }
}

/** A foreign key of MySQL forgives trailing spaces: there the user of exactly this id is looked up in the same statement. */
function prepareLink({ db, tables, dialect }: Store) {
  const insert = db.insertInto(tables.accounts)
  return async (account: AccountsTable) => {
    if (dialect !== 'mysql') {
      await insert.values(account).execute()
      return
    }
    const { provider, provider_account_id, type, user_id } = account
    const { numInsertedOrUpdatedRows } = await insert
      .columns(['provider', 'provider_account_id', 'type', 'user_id'])
      .expression(
        db
          .selectFrom(tables.users)
          .select([
            sql<string>`${provider}`.as('provider'),
            sql<string>`${provider_account_id}`.as('provider_account_id'),
            sql<string>`${type}`.as('type'),
            sql<string>`${user_id}`.as('user_id'),
          ])
          .where(isText(dialect, 'id', user_id)),
      )
      .executeTakeFirstOrThrow()
    if (countAffected(numInsertedOrUpdatedRows) === 0) throw new Error('there is no user with this id')
  }
}

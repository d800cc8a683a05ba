import type { CompleteAdapter } from '@latchkey/core'
import { type Param, prepare } from './prepare.ts'
import { checkName, isStorable } from './rows/text.ts'
import { toUser } from './rows/user-row.ts'
import type { Store } from './store.ts'

type AccountMethods = Pick<CompleteAdapter, 'getUserByAccount' | 'linkAccount' | 'unlinkAccount'>

/** Which provider's accounts belong to whom. A provider's tokens are not kept: they authenticate, and nothing here needs them. */
export function accountMethods({ db, tables }: Store): AccountMethods {
  const byAccount = prepare(db, (param: Param<{ provider: string; providerAccountId: string }>) =>
    db
      .selectFrom(`${tables.accounts} as a`)
      .innerJoin(`${tables.users} as u`, 'u.id', 'a.user_id')
      .selectAll('u')
      .select('a.provider_account_id as latchkeyAccount')
      .where('a.provider', '=', param('provider'))
      .where('a.provider_account_id', '=', param('providerAccountId')),
  )
  return {
    getUserByAccount: async ({ provider, providerAccountId }) => {
      if (!isStorable(provider) || !isStorable(providerAccountId)) return null
      const { rows } = await byAccount({ provider, providerAccountId })
      // MySQL's comparison forgives trailing spaces.
      const found = rows.find(({ latchkeyAccount }) => latchkeyAccount === providerAccountId)
      if (!found) return null
      const { latchkeyAccount: _account, ...user } = found
      return toUser(user)
    },
    linkAccount: async ({ provider, providerAccountId, type, userId }) => {
      const account = {
        provider: checkName('provider', provider),
        provider_account_id: checkName('providerAccountId', providerAccountId),
        type: checkName('type', type),
        user_id: checkName('userId', userId),
      }
      await db.insertInto(tables.accounts).values(account).execute()
    },
    unlinkAccount: async ({ provider, providerAccountId }) => {
      if (!isStorable(provider) || !isStorable(providerAccountId)) return
      await db
        .deleteFrom(tables.accounts)
        .where('provider', '=', provider)
        .where('provider_account_id', '=', providerAccountId)
        .execute()
    },
  }
}

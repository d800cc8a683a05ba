import type { AccountKey, AdapterAccount } from '@latchkey/core'
import { isStorable } from '../rows/text.ts'
import { isText } from '../same-text.ts'
import { noneIfUnfit, type RowDefaults } from './their-rows.ts'
import type { Their } from './their-tables.ts'

/** Which accounts at providers belong to whom in the other library's table. What is a password there is none of them. */
export interface TheirAccounts {
  /** The id of the user that the account belongs to. */
  readonly owner: (key: AccountKey) => Promise<string | null>
  readonly ofUser: (userId: string) => Promise<readonly AdapterAccount[]>
  readonly insert: (account: AdapterAccount) => Promise<void>
  readonly remove: (key: AccountKey & { readonly userId?: string | undefined }) => Promise<void>
}

export function theirAccounts(their: Their, defaults: RowDefaults): TheirAccounts {
  const { db, dialect, tables, accountType, passwordProvider } = their
  const { table, userId, provider, providerAccountId } = tables.accounts
  const columns = [`${userId} as theirUser`, `${provider} as theirProvider`, `${providerAccountId} as theirAccount`]
  const select = () =>
    db
      .selectFrom(table)
      .select(accountType === null ? columns : [...columns, `${accountType} as theirType`])
      .$if(passwordProvider !== null, (query) => query.where(provider, '<>', passwordProvider))
  const isKnown = (key: AccountKey) =>
    isStorable(key.provider) && isStorable(key.providerAccountId) && key.provider !== passwordProvider
  return {
    owner: async (key) => {
      if (!isKnown(key)) return null
      const rows = await select()
        .where(isText(dialect, provider, key.provider))
        .where(isText(dialect, providerAccountId, key.providerAccountId))
        .limit(1)
        .execute()
      return rows[0] ? String(rows[0].theirUser) : null
    },
    ofUser: async (owner) => {
      if (!isStorable(owner)) return []
      const query = select()
        .where(isText(dialect, userId, owner))
        .orderBy(provider)
        .orderBy(providerAccountId)
      return (await noneIfUnfit([], () => query.execute())).map(toAccount)
    },
    insert: async ({ userId: owner, ...account }) => {
      await db
        .insertInto(table)
        .values({
          ...(await defaults(table, provider)),
          [userId]: owner,
          [provider]: account.provider,
          [providerAccountId]: account.providerAccountId,
          ...(accountType !== null && { [accountType]: account.type }),
        })
        .execute()
    },
    remove: async (key) => {
      if (!isKnown(key) || (key.userId !== undefined && !isStorable(key.userId))) return
      await db
        .deleteFrom(table)
        .where(isText(dialect, provider, key.provider))
        .where(isText(dialect, providerAccountId, key.providerAccountId))
        .$if(key.userId !== undefined, (query) => query.where(isText(dialect, userId, key.userId ?? '')))
        .execute()
    },
  }
}

function toAccount({
  theirUser,
  theirProvider,
  theirAccount,
  theirType,
}: Readonly<Record<string, unknown>>): AdapterAccount {
  const provider = String(theirProvider)
  return {
    userId: String(theirUser),
    provider,
    providerAccountId: String(theirAccount),
    type: typeof theirType === 'string' ? theirType : 'oauth',
  }
}

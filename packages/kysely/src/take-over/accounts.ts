import type { AccountKey, AdapterAccount, CompleteAdapter } from '@latchkey/core'
import type { Shared } from './shared.ts'
import { readUser } from './users.ts'

type AccountMethods = Pick<CompleteAdapter, 'getUserByAccount' | 'linkAccount' | 'listAccounts' | 'unlinkAccount'>

export function accountMethods(shared: Shared): AccountMethods {
  const { base, accounts, stage } = shared
  return {
    getUserByAccount: async (key) => {
      const ours = stage === 'moved' ? await base.getUserByAccount(key) : null
      const owner = ours ? null : await accounts.owner(key)
      return ours ?? (owner === null ? null : readUser(shared, owner))
    },
    linkAccount: async (account) => {
      if ((await accounts.owner(account)) !== null) throw new Error('the account is linked already')
      // Their table need not have a key that keeps two from linking one account; ours has.
      await linkOurs(shared, account)
      try {
        await accounts.insert(account)
      } catch (error) {
        await base.unlinkAccount(account)
        throw error
      }
    },
    unlinkAccount: async (key) => {
      await accounts.remove(key)
      await base.unlinkAccount(key)
    },
    listAccounts: async (userId) => (stage === 'moved' ? base.listAccounts(userId) : accounts.ofUser(userId)),
  }
}

/** A link of ours that the old table no longer has was ended there. */
async function linkOurs({ base, stage }: Shared, account: AdapterAccount): Promise<void> {
  if (stage === 'shared' && (await base.getUserByAccount(account))) await base.unlinkAccount(account)
  await base.linkAccount(account)
}

/** Makes our links of a user those of the old table. @returns how many were added */
export async function copyAccounts({ base, accounts }: Shared, userId: string): Promise<number> {
  const [theirs, ours] = await Promise.all([accounts.ofUser(userId), base.listAccounts(userId)])
  const has = (list: readonly AccountKey[], key: AccountKey) =>
    list.some((one) => one.provider === key.provider && one.providerAccountId === key.providerAccountId)
  for (const account of ours) if (!has(theirs, account)) await base.unlinkAccount(account)
  let added = 0
  for (const account of theirs) {
    if (has(ours, account)) continue
    await relink(base, account)
    added++
  }
  return added
}

/** Another instance may have been faster, or the account was somebody else's when it was copied before. */
async function relink(base: CompleteAdapter, account: AdapterAccount): Promise<void> {
  try {
    await base.linkAccount(account)
  } catch (error) {
    const owner = await base.getUserByAccount(account)
    if (!owner) throw error
    if (owner.id === account.userId) return
    await base.unlinkAccount(account)
    await base.linkAccount(account)
  }
}

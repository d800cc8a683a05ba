import type { AdapterAccount, AdapterUser, CompleteAdapter } from '../adapter.ts'
import { omitUndefined } from '../../internal/json.ts'
import { pairKey, type Tables } from './tables.ts'

type UserMethods = Pick<
  CompleteAdapter,
  | 'createUser'
  | 'getUser'
  | 'getUserByEmail'
  | 'getUserByAccount'
  | 'updateUser'
  | 'deleteUser'
  | 'keepsUserField'
  | 'linkAccount'
  | 'unlinkAccount'
  | 'listAccounts'
>

export function userMethods({ users, accounts, sessions }: Tables): UserMethods {
  return {
    createUser: async (user) => {
      if (users.has(user.id)) throw new Error('a user with this id exists')
      if (typeof user.email === 'string' && findByEmail(users, user.email))
        throw new Error('a user with this e-mail address exists')
      const row = { name: null, email: null, emailVerified: null, image: null, ...structuredClone(omitUndefined(user)) }
      users.set(row.id, row)
      return structuredClone(row)
    },
    getUser: async (id) => structuredClone(users.get(id) ?? null),
    getUserByEmail: async (email) => structuredClone(findByEmail(users, email) ?? null),
    getUserByAccount: async ({ provider, providerAccountId }) => {
      const account = accounts.get(pairKey(provider, providerAccountId))
      return structuredClone((account && users.get(account.userId)) ?? null)
    },
    updateUser: async (changes) => {
      const known = users.get(changes.id)
      if (!known) throw new Error('there is no user with this id')
      const holder = typeof changes.email === 'string' ? findByEmail(users, changes.email) : undefined
      if (holder && holder.id !== changes.id) throw new Error('a user with this e-mail address exists')
      const row = { ...known, ...structuredClone(omitUndefined(changes)) }
      users.set(row.id, row)
      return structuredClone(row)
    },
    deleteUser: async (id) => {
      users.delete(id)
      for (const [key, account] of accounts) if (account.userId === id) accounts.delete(key)
      for (const [key, session] of sessions) if (session.userId === id) sessions.delete(key)
    },
    // There are no columns.
    keepsUserField: () => true,
    linkAccount: async (account) => {
      const key = pairKey(account.provider, account.providerAccountId)
      if (accounts.has(key)) throw new Error('this account is linked already')
      if (!users.has(account.userId)) throw new Error('there is no user with this id')
      accounts.set(key, structuredClone(account))
    },
    unlinkAccount: async ({ provider, providerAccountId, userId }) => {
      const key = pairKey(provider, providerAccountId)
      if (userId === undefined || accounts.get(key)?.userId === userId) accounts.delete(key)
    },
    listAccounts: async (userId) =>
      structuredClone([...accounts.values()].filter((account) => account.userId === userId).sort(compareAccounts)),
  }
}

function findByEmail(users: Tables['users'], email: string): AdapterUser | undefined {
  const key = toEmailKey(email)
  return [...users.values()].find((user) => typeof user.email === 'string' && toEmailKey(user.email) === key)
}

function compareAccounts(a: AdapterAccount, b: AdapterAccount): number {
  const [first, second] = [a, b].map(({ provider, providerAccountId }) => pairKey(provider, providerAccountId))
  return (first ?? '') < (second ?? '') ? -1 : 1
}

/** Letters beyond ASCII are not folded, for their look-alikes are other people's addresses. */
function toEmailKey(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

import { configurationError, type Ways } from '@latchkey/core'
import type { Shared } from './shared.ts'
import type { PasswordAccounts } from './types.ts'

/** A password is a way to sign in. (Links that reset it stay: they were sent to the account's own address.) */
export function createWays({ tables }: Shared): Ways {
  return {
    list: async (user) => {
      const row = await tables.hashes.get({ user })
      return row ? [{ id: 'password', type: 'password', name: null, createdAt: row.changedAt }] : []
    },
    removeAll: async (user) => void (await tables.hashes.remove({ user })),
  }
}

/** What the account's owner may read of it. */
export async function exportPassword({ tables }: Shared, user: string): Promise<Readonly<Record<string, unknown>>> {
  const row = await tables.hashes.get({ user })
  return { hasPassword: row !== null, passwordChangedAt: row?.changedAt ?? null }
}

/** What the app's server may do. */
export function createAccounts({ tables, passwords, engine }: Shared): PasswordAccounts {
  return {
    importPasswordHash: async ({ userId, hash }) => {
      if (!passwords.reads(hash))
        throw configurationError('password.legacy', 'no hasher reads this hash: add one of @latchkey/password/legacy')
      return tables.hashes.insert({ user: userId, hash, changedAt: engine.clock() })
    },
  }
}

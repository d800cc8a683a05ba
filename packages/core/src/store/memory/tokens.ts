import type { CompleteAdapter } from '../adapter.ts'
import { pairKey, type Tables } from './tables.ts'

type TokenMethods = Pick<CompleteAdapter, 'createVerificationToken' | 'useVerificationToken' | 'deleteExpired'>

export function tokenMethods({ tokens, sessions }: Tables): TokenMethods {
  return {
    createVerificationToken: async (token) => {
      const key = pairKey(token.identifier, token.token)
      if (tokens.has(key)) throw new Error('the identifier has this token already')
      tokens.set(key, structuredClone(token))
      return structuredClone(token)
    },
    useVerificationToken: async ({ identifier, token }) => {
      const key = pairKey(identifier, token)
      const found = tokens.get(key) ?? null
      tokens.delete(key)
      return found
    },
    deleteExpired: async ({ now, limit = 1_000 }) => {
      const deleted = deleteFrom(sessions, now, limit)
      return deleted + deleteFrom(tokens, now, limit - deleted)
    },
  }
}

function deleteFrom(table: Map<string, { readonly expires: Date }>, now: Date, limit: number): number {
  const expired = [...table].filter(([, { expires }]) => expires <= now).slice(0, limit)
  for (const [key] of expired) table.delete(key)
  return expired.length
}

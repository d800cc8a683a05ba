import type { Adapter } from '../store/adapter.ts'

/** What signing in with an account at another service calls of the adapter. */
const ACCOUNT_METHODS = ['createUser', 'deleteUser', 'getUserByAccount', 'getUserByEmail', 'linkAccount'] as const

/** An adapter that finds, creates and links users. */
export type AccountAdapter = Adapter & Required<Pick<Adapter, (typeof ACCOUNT_METHODS)[number]>>

/** The first of these methods that an adapter lacks, or null. */
export function findMissingAccountMethod(adapter: Adapter): keyof Adapter | null {
  return ACCOUNT_METHODS.find((method) => typeof adapter[method] !== 'function') ?? null
}

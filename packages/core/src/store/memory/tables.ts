import type { AdapterAccount, AdapterUser, StoredSession, VerificationToken } from '../adapter.ts'

/**
 * The rows. What goes in and comes out is copied, so that a caller can't change a row that it holds. Each method does its work before its
 * first await: that makes it one step, as one conditional statement is.
 */
export interface Tables {
  readonly users: Map<string, AdapterUser>
  readonly accounts: Map<string, AdapterAccount>
  /** By the hash that finds them. */
  readonly sessions: Map<string, StoredSession>
  readonly tokens: Map<string, VerificationToken>
}

export function createTables(): Tables {
  return { users: new Map(), accounts: new Map(), sessions: new Map(), tokens: new Map() }
}

/** One key of two texts, whatever they contain. */
export function pairKey(first: string, second: string): string {
  return JSON.stringify([first, second])
}

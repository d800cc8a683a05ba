import type { CompleteAdapter } from '@latchkey/core'
import type { Links } from './links.ts'
import type { TheirAccounts } from './their-accounts.ts'
import type { TheirSessions } from './their-sessions.ts'
import type { Their } from './their-tables.ts'
import type { TheirUsers } from './their-users.ts'

/**
 * How far a take-over has come. `'shared'`: both apps serve, and the old tables decide. `'moved'`: the old app is off, and Latchkey's tables
 * decide. In both, what is written is written to both. `'finished'`: the old tables are no longer used, but browsers still have cookies that the
 * old app gave them.
 */
export type TakeOverStage = 'shared' | 'moved' | 'finished'

/** How another library's session cookie holds its token. */
export interface CookieForm {
  /** null: it isn't one of that library's. */
  readonly read: (value: string) => Promise<string | null>
  readonly write: (token: string) => Promise<string>
}

/** What the parts of a take-over share. */
export interface Shared {
  readonly stage: TakeOverStage
  /** Latchkey's own tables. */
  readonly base: CompleteAdapter
  readonly links: Links
  readonly their: Their
  readonly users: TheirUsers
  readonly accounts: TheirAccounts
  readonly sessions: TheirSessions
  readonly cookie: CookieForm
  /** The ids in our table of users after an id, in the order of ids. */
  readonly ourUsers: (after: string | null, limit: number) => Promise<readonly { readonly id: string }[]>
  /** Gives one of our rows the expiry that the other library's has, unless it was revoked. */
  readonly setExpires: (sessionToken: string, expires: Date) => Promise<void>
}

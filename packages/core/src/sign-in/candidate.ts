import type { Account, AnyUser, Profile, ProviderType } from '../contract/user.ts'
import type { StillCounts } from './still-counts.ts'

/** By what somebody is verified in this sign-in. (A `Way` is what a user can sign in with.) */
export interface SignInMethod {
  /** The id of the provider, or of the plug-in whose operation it was: `account.provider`. */
  readonly id: string
  readonly type: ProviderType
  /** The name that was typed, for a provider whose passwords can be guessed; else null. */
  readonly name: string | null
  /** What a client sent to a provider of the type `'credentials'`, for the signIn callback; else null. */
  readonly credentials: Readonly<Record<string, unknown>> | null
  /** What it shows, unless it says so itself. */
  readonly amr: readonly string[]
}

/** Who wants to sign in. Nothing is written yet. */
export interface Candidate {
  readonly user: AnyUser
  readonly account: Account
  readonly profile: Profile | null
  /** Finds, creates or links the user in the store: once the signIn callback has agreed. null: the row that was found has gone. */
  readonly save: () => Promise<SavedUser | null>
}

/** Whom the store has now. */
export interface SavedUser {
  readonly user: AnyUser
  readonly account: Account
  readonly isNewUser: boolean
  /** @default that of what has verified them */
  readonly stillCounts?: StillCounts | undefined
}

/** The account of somebody whom no other service has verified: they are known to the method by their own id. */
export function toAccount({ id, type }: Pick<SignInMethod, 'id' | 'type'>, user: AnyUser): Account {
  return { provider: id, type, providerAccountId: String(user.id) }
}

import type { Account, AnyUser, Profile } from './user.ts'
import type { Awaitable } from '../internal/types.ts'

/** Functions that are called afterwards. They can neither block nor change what happened; a throw is logged. */
export interface Events {
  /** Somebody signed in. */
  readonly signIn?: (params: {
    readonly user: AnyUser
    readonly account: Account
    readonly isNewUser: boolean
    readonly sessionId: string
  }) => Awaitable<void>
  /** Somebody signed out, with `everywhere` of all of their sessions. */
  readonly signOut?: (params: {
    readonly userId: string
    readonly sessionId: string
    readonly everywhere: boolean
  }) => Awaitable<void>
  /** A user was created in the store. */
  readonly createUser?: (params: { readonly user: AnyUser }) => Awaitable<void>
  /** An account at another service became a user's. `profile`: what the service returned about them. */
  readonly linkAccount?: (params: {
    readonly user: AnyUser
    readonly account: Account
    readonly profile: Profile | null
  }) => Awaitable<void>
  /** An account at another service was taken away from a user. */
  readonly unlinkAccount?: (params: { readonly user: AnyUser; readonly account: Account }) => Awaitable<void>
  /** A user was deleted, with all that was theirs. `user`: their row, as it was. */
  readonly deleteUser?: (params: { readonly user: AnyUser }) => Awaitable<void>
  /** A user's row was changed: brought up to date at a sign-in, given another address, or found to have a verified one. */
  readonly updateUser?: (params: { readonly user: AnyUser }) => Awaitable<void>
  /** A refresh token came back that had been replaced: the session was ended, because one of its two holders must have copied it. */
  readonly tokenReuse?: (params: { readonly userId: string; readonly sessionId: string }) => Awaitable<void>
  /** A session left the server, shaped. */
  readonly session?: (params: {
    readonly session: unknown
    readonly userId: string
    readonly sessionId: string
  }) => Awaitable<void>
}

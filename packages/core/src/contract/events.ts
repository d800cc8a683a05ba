import type { Account, User } from './user.ts'
import type { Awaitable } from '../internal/types.ts'

type AnyUser = User & Readonly<Record<string, unknown>>

/** Told afterwards; can neither block nor change what happened. A throw is logged. */
export interface Events {
  readonly signIn?: (params: {
    readonly user: AnyUser
    readonly account: Account
    readonly isNewUser: boolean
    readonly sessionId: string
  }) => Awaitable<void>
  readonly signOut?: (params: {
    readonly userId: string
    readonly sessionId: string
    readonly everywhere: boolean
  }) => Awaitable<void>
  readonly createUser?: (params: { readonly user: AnyUser }) => Awaitable<void>
  readonly updateUser?: (params: { readonly user: AnyUser }) => Awaitable<void>
  /** A refresh token came back that had been replaced: the session was ended, for one of its two holders is a thief. */
  readonly tokenReuse?: (params: { readonly userId: string; readonly sessionId: string }) => Awaitable<void>
  /** A session left the server, shaped. */
  readonly session?: (params: {
    readonly session: unknown
    readonly userId: string
    readonly sessionId: string
  }) => Awaitable<void>
}

import type { AuthErrorKind } from '@latchkey/core'
import type { AnyTRPCRouter, inferRouterOutputs } from '@trpc/server'
import type { ChangeReason } from './tokens/keeper.ts'

/**
 * The session as clients of this router get it: what `auth.session` returns, without null.
 *
 * @example type Session = RouterSession<AppRouter>
 * @example type Session = RouterSession<AppRouter, 'account.auth'> // mounted at t.router({ account: t.router({ auth: authRouter }) })
 * @example type Session = RouterSession<AppRouter, ''> // merged: t.mergeRouters(appRouter, authRouter)
 */
export type RouterSession<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> = SessionOf<
  AtPath<inferRouterOutputs<TRouter>, TPath>
>

type SessionOf<TOutputs> = TOutputs extends { session: infer TSession } ? NonNullable<TSession> : never

/** The value in a record under a path of keys; the record itself for an empty path. */
export type AtPath<TRecord, TPath extends string> = TPath extends ''
  ? TRecord
  : TPath extends `${infer TKey}.${infer TRest}`
    ? TKey extends keyof TRecord
      ? AtPath<TRecord[TKey], TRest>
      : never
    : TPath extends keyof TRecord
      ? TRecord[TPath]
      : never

/** The value there for one procedure of the auth router. */
export type AtProcedure<TRecord, TPath extends string, TName extends string> = AtPath<AtPath<TRecord, TPath>, TName>

/** What a call was refused for (`StepUpRequired`): what the person must show before it succeeds. */
export interface StepUpRequest {
  /** Why the call was refused. */
  readonly kind: 'StepUpRequired'
  /** Seconds: how long ago the sign-in may be. Undefined: that is not what is missing. */
  readonly maxAge?: number
  /** What the session must be begun with: `'mfa'`. Undefined: that is not what is missing. */
  readonly factor?: string
}

/** The client's session has changed. */
export interface SessionChange<TSession> {
  /** The session as clients get it. Null: signed out. Undefined: this client doesn't know it, so ask `auth.session`. */
  readonly session: TSession | null | undefined
  /**
   * - `signIn`, `signOut`: the person signed in or out.
   * - `update`: `updateSession` changed it.
   * - `refresh`: there is a new access token, perhaps with other roles.
   * - `ended`: the server says that it is over.
   */
  readonly reason: ChangeReason
  /** Why it ended. Set only if `reason` is `'ended'`. */
  readonly kind?: AuthErrorKind | undefined
  /** Whether it happened in another tab. */
  readonly elsewhere: boolean
}

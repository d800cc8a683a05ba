import type { AuthErrorKind } from '@latchkey/core'
import type { AnyTRPCRouter, inferRouterOutputs } from '@trpc/server'
import type { ChangeReason } from './tokens/keeper.ts'

/**
 * The session as clients of this router get it: what `auth.session` answers, without null.
 *
 * @example type Session = RouterSession<AppRouter>
 * @example type Session = RouterSession<AppRouter, 'account.auth'> // mounted at t.router({ account: t.router({ auth: authRouter }) })
 * @example type Session = RouterSession<AppRouter, ''> // merged: t.mergeRouters(appRouter, authRouter)
 */
export type RouterSession<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> = SessionOf<
  AtPath<inferRouterOutputs<TRouter>, TPath>
>

type SessionOf<TOutputs> = TOutputs extends { session: infer TSession } ? NonNullable<TSession> : never

/** What stands in a record under a path of keys; under none, the record. */
export type AtPath<TRecord, TPath extends string> = TPath extends ''
  ? TRecord
  : TPath extends `${infer TKey}.${infer TRest}`
    ? TKey extends keyof TRecord
      ? AtPath<TRecord[TKey], TRest>
      : never
    : TPath extends keyof TRecord
      ? TRecord[TPath]
      : never

/** What stands there for one procedure of the auth router. */
export type AtProcedure<TRecord, TPath extends string, TName extends string> = AtPath<AtPath<TRecord, TPath>, TName>

/** A client's session is another one now than before. */
export interface SessionChange<TSession> {
  /** The session as clients get it; null: none; undefined: not known here, ask `auth.session`. */
  readonly session: TSession | null | undefined
  /**
   * `signIn`, `signOut`, `update` (`updateSession`): done by this person. `refresh`: a new access token, perhaps with other roles.
   * `ended`: the server says that it is over.
   */
  readonly reason: ChangeReason
  /** Why it ended. */
  readonly kind?: AuthErrorKind | undefined
  /** It happened in another tab. */
  readonly elsewhere: boolean
}

import type { TRPCClient } from '@trpc/client'
import type { AnyTRPCRouter, inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { ReactNode } from 'react'
import type { AuthLink } from '../link/types.ts'
import type { AtProcedure, RouterSession } from '../types.ts'
import type { QueryClientLike, QueryLike } from './query-client.ts'
import type { SessionState } from './state.ts'
import type { CallState } from './use-call.ts'

/** Props of `SessionProvider`. */
export interface SessionProviderProps<TRouter extends AnyTRPCRouter, TPath extends string> {
  /** The `authLink` that the client was made with. */
  readonly auth: AuthLink<TRouter, TPath>
  /** The app's tRPC client. */
  readonly client: TRPCClient<TRouter>
  /**
   * The app's cache, if it uses TanStack Query: the session is kept in it, and what was read for another person is removed from it.
   *
   * @default none: the provider keeps the session
   */
  readonly queryClient?: QueryClientLike | undefined
  /**
   * The key of `auth.session` in the cache.
   *
   * @default the key of `trpc.auth.session.queryOptions()` (`@trpc/tanstack-react-query` and `@trpc/react-query`)
   */
  readonly queryKey?: readonly unknown[] | undefined
  /**
   * Which queries don't depend on who asks: they stay in the cache when another person signs in.
   *
   * @default none of them
   */
  keep?(query: QueryLike): boolean
  /**
   * The session with which a server has rendered the page; null: signed out. If its content changes (a server action signed a person in or
   * out), the new one is taken, unless the session has changed in the page since: then the server is asked.
   *
   * @default unknown, so that the server is asked
   */
  readonly initialSession?: RouterSession<TRouter, TPath> | null | undefined
  /**
   * Listens to `auth.onSessionChange`, so that changes on the server show at once. The client needs a link that carries subscriptions.
   *
   * @default false
   */
  readonly live?: boolean | undefined
  /**
   * Asks again when the page becomes visible again. Does nothing without a DOM.
   *
   * @default true
   */
  readonly refetchOnFocus?: boolean | undefined
  readonly children?: ReactNode
}

/** What `useSession` returns: the state, and a function that asks the server again. */
export type UseSession<TSession> = SessionState<TSession> & { readonly reload: () => Promise<void> }

/** The roles that a session can have, as they were declared; never if the session callback leaves them out. */
type RoleOf<TSession> = TSession extends { readonly roles: readonly (infer TRole extends string)[] } ? TRole : never

/** Its claims. */
type ClaimsOf<TSession> = TSession extends { readonly claims: infer TClaims } ? TClaims : {}

/** Props of `Authorized`: all tests that are given must pass. They decide what is shown; what may be done is the server's to decide. */
export interface AuthorizedProps<TSession> {
  /** The session must have this role, or one of these. @default any */
  readonly role?: RoleOf<TSession> | readonly RoleOf<TSession>[] | undefined
  /** The session must have all of these claims: each a value, or a function that tests it. @default any */
  readonly claim?: ClaimTests<ClaimsOf<TSession>> | undefined
  /** A test of the whole session. @default every session passes */
  readonly when?: ((session: TSession) => boolean) | undefined
  /** Shown if a test fails or there is no session. @default nothing */
  readonly fallback?: ReactNode
  /** Shown until the session is known. @default nothing */
  readonly loading?: ReactNode
  /** Shown if all tests pass; a function receives the session. */
  readonly children?: ReactNode | ((session: TSession) => ReactNode)
}

type ClaimTests<TClaims> = {
  readonly [TKey in keyof TClaims]?: TClaims[TKey] | ((value: NonNullable<TClaims[TKey]>) => boolean)
}

/** What `signIn` of `useSignIn` takes and returns: as `auth.signIn` does. */
export type SignIn<TRouter extends AnyTRPCRouter, TPath extends string> = (
  input: AtProcedure<inferRouterInputs<TRouter>, TPath, 'signIn'>,
) => Promise<AtProcedure<inferRouterOutputs<TRouter>, TPath, 'signIn'>>

/** What `signOut` of `useSignOut` takes and returns: as `auth.signOut` does. */
export type SignOut<TRouter extends AnyTRPCRouter, TPath extends string> = (
  input?: AtProcedure<inferRouterInputs<TRouter>, TPath, 'signOut'>,
) => Promise<AtProcedure<inferRouterOutputs<TRouter>, TPath, 'signOut'>>

/** What {@link createAuthReact} makes: typed by the router, once. */
export interface AuthReact<TRouter extends AnyTRPCRouter, TPath extends string> {
  /** Provides the session to everything below it. Render one, near the root. */
  readonly SessionProvider: (props: SessionProviderProps<TRouter, TPath>) => ReactNode
  /** The session, and whether it is known. @throws Error without a `SessionProvider` above */
  readonly useSession: () => UseSession<RouterSession<TRouter, TPath>>
  /** Shows its children to sessions with a role, a claim or a condition of your own. @throws Error without a `SessionProvider` above */
  readonly Authorized: (props: AuthorizedProps<RouterSession<TRouter, TPath>>) => ReactNode
  /** `signIn`, and how its last call stands. @throws Error without a `SessionProvider` above */
  readonly useSignIn: () => CallState & { readonly signIn: SignIn<TRouter, TPath> }
  /** `signOut`, and how its last call stands. @throws Error without a `SessionProvider` above */
  readonly useSignOut: () => CallState & { readonly signOut: SignOut<TRouter, TPath> }
}

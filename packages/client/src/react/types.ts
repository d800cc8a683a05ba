import type { TRPCClient } from '@trpc/client'
import type { AnyTRPCRouter, inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { ReactNode } from 'react'
import type { AuthLink } from '../link/types.ts'
import type { AtProcedure, RouterSession } from '../types.ts'
import type { QueryClientLike, QueryLike } from './query-client.ts'
import type { SessionState } from './state.ts'
import type { CallState } from './use-call.ts'

export interface SessionProviderProps<TRouter extends AnyTRPCRouter, TPath extends string> {
  /** The link that the client was made with. */
  readonly auth: AuthLink<TRouter, TPath>
  readonly client: TRPCClient<TRouter>
  /** The app's cache, where it uses TanStack Query: the session lives in it, and what was read for another person leaves it. */
  readonly queryClient?: QueryClientLike | undefined
  /** The key of `auth.session` there. Default: the one of `@trpc/tanstack-react-query` and `@trpc/react-query`. */
  readonly queryKey?: readonly unknown[] | undefined
  /** Which queries don't depend on who asks, and stay when somebody else signs in. Default: none. */
  keep?(query: QueryLike): boolean
  /**
   * What a server has rendered with. If its content changes (a server action signed somebody in or out), the new one is taken, unless the
   * session has changed in the page since: then the server is asked.
   *
   * @default unknown, so that it is asked for
   */
  readonly initialSession?: RouterSession<TRouter, TPath> | null | undefined
  /** Listens to `auth.onSessionChange`: the client needs a link that carries subscriptions. Default false. */
  readonly live?: boolean | undefined
  /**
   * Asks again when the page is looked at again. Does nothing where there is no DOM.
   *
   * @default true
   */
  readonly refetchOnFocus?: boolean | undefined
  readonly children?: ReactNode
}

/** What `useSession` answers: the state, and a way to ask the server again. */
export type UseSession<TSession> = SessionState<TSession> & { readonly reload: () => Promise<void> }

/** The roles that a session can have, as they were declared; never where the session callback leaves them out. */
type RoleOf<TSession> = TSession extends { readonly roles: readonly (infer TRole extends string)[] } ? TRole : never

/** Its claims. */
type ClaimsOf<TSession> = TSession extends { readonly claims: infer TClaims } ? TClaims : {}

export interface AuthorizedProps<TSession> {
  /** One of these roles. */
  readonly role?: RoleOf<TSession> | readonly RoleOf<TSession>[] | undefined
  /** All of these claims: a value, or a function of it. */
  readonly claim?: ClaimTests<ClaimsOf<TSession>> | undefined
  /** And this. */
  readonly when?: ((session: TSession) => boolean) | undefined
  /** Shown to whoever may not see the rest. Default: nothing. */
  readonly fallback?: ReactNode
  /** Shown while the session isn't known yet. Default: nothing. */
  readonly loading?: ReactNode
  readonly children?: ReactNode | ((session: TSession) => ReactNode)
}

type ClaimTests<TClaims> = {
  readonly [TKey in keyof TClaims]?: TClaims[TKey] | ((value: NonNullable<TClaims[TKey]>) => boolean)
}

/** What `signIn` takes and answers. */
export type SignIn<TRouter extends AnyTRPCRouter, TPath extends string> = (
  input: AtProcedure<inferRouterInputs<TRouter>, TPath, 'signIn'>,
) => Promise<AtProcedure<inferRouterOutputs<TRouter>, TPath, 'signIn'>>

/** What `signOut` takes and answers. */
export type SignOut<TRouter extends AnyTRPCRouter, TPath extends string> = (
  input?: AtProcedure<inferRouterInputs<TRouter>, TPath, 'signOut'>,
) => Promise<AtProcedure<inferRouterOutputs<TRouter>, TPath, 'signOut'>>

/** What {@link createAuthReact} makes: typed by the router, once. */
export interface AuthReact<TRouter extends AnyTRPCRouter, TPath extends string> {
  readonly SessionProvider: (props: SessionProviderProps<TRouter, TPath>) => ReactNode
  readonly useSession: () => UseSession<RouterSession<TRouter, TPath>>
  readonly Authorized: (props: AuthorizedProps<RouterSession<TRouter, TPath>>) => ReactNode
  readonly useSignIn: () => CallState & { readonly signIn: SignIn<TRouter, TPath> }
  readonly useSignOut: () => CallState & { readonly signOut: SignOut<TRouter, TPath> }
}

import { getUntypedClient, type TRPCUntypedClient } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { createContext, useCallback, useContext, useMemo, useState, useSyncExternalStore } from 'react'
import type { RouterSession } from '../types.ts'
import { isAuthorized } from './is-authorized.ts'
import { createQueryStore } from './query-store.ts'
import { createOwnStore, type SessionStore } from './state.ts'
import type { AuthorizedProps, AuthReact, SessionProviderProps, SignIn, SignOut, UseSession } from './types.ts'
import { useCall } from './use-call.ts'
import { useSessionChanges } from './use-session-changes.ts'

/**
 * Makes the hooks and components of one router: the session, its roles and its claims are typed from it, without a cast.
 *
 * @param options.path the key under which the auth router is mounted, as for `authLink`; `''` if it is merged. Default `'auth'`
 * @example
 * export const { SessionProvider, useSession, Authorized, useSignIn, useSignOut } = createAuthReact<AppRouter>()
 *
 * <SessionProvider auth={auth} client={client} queryClient={queryClient}>
 *   <Authorized role="admin" fallback={<p>For admins.</p>}>…</Authorized>
 * </SessionProvider>
 */
export function createAuthReact<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'>(
  options: { readonly path?: TPath } = {},
): AuthReact<TRouter, TPath> {
  type Session = RouterSession<TRouter, TPath>
  const path: string = options.path ?? 'auth'
  const prefix = path && `${path}.`
  const Context = createContext<Provided<Session> | null>(null)

  function SessionProvider(props: SessionProviderProps<TRouter, TPath>) {
    const { auth, client, children, initialSession, live = false, refetchOnFocus = true } = props
    const calls = useMemo(() => getUntypedClient(client) as unknown as TRPCUntypedClient<AnyTRPCRouter>, [client]) // by name
    const [store] = useState(() => createStore<Session>(calls, prefix, props))
    useSessionChanges({ auth, calls, prefix, store, initialSession, live, refetchOnFocus })
    const provided = useMemo(() => ({ store, calls }), [store, calls])
    return <Context.Provider value={provided}>{children}</Context.Provider>
  }

  function useProvided(): Provided<Session> {
    const provided = useContext(Context)
    if (!provided)
      throw new Error('There is no session here: render <SessionProvider> above, from the same createAuthReact().')
    return provided
  }

  function useSession(): UseSession<Session> {
    const { store } = useProvided()
    const state = useSyncExternalStore(store.subscribe, store.read, store.read)
    return useMemo(() => ({ ...state, reload: store.reload }), [state, store])
  }

  function Authorized({ fallback = null, loading = null, children, ...tests }: AuthorizedProps<Session>) {
    const { status, session } = useSession()
    if (status === 'loading') return loading
    if (!session || !isAuthorized(session, tests)) return fallback
    return typeof children === 'function' ? children(session) : children
  }

  /** The link tells the provider about the session before the caller gets the result. */
  function useMutation(name: 'signIn' | 'signOut') {
    const { calls } = useProvided()
    return useCall(useCallback((input: unknown) => calls.mutation(`${prefix}${name}`, input), [calls, name]))
  }

  return {
    SessionProvider,
    useSession,
    Authorized,
    useSignIn: () => {
      const { run, ...state } = useMutation('signIn')
      return { ...state, signIn: run as SignIn<TRouter, TPath> } // by its name in the router
    },
    useSignOut: () => {
      const { run, ...state } = useMutation('signOut')
      return { ...state, signOut: run as SignOut<TRouter, TPath> } // by its name in the router
    },
  }
}

interface Provided<TSession> {
  readonly store: SessionStore<TSession>
  readonly calls: TRPCUntypedClient<AnyTRPCRouter>
}

function createStore<TSession>(
  calls: TRPCUntypedClient<AnyTRPCRouter>,
  prefix: string,
  props: Pick<SessionProviderProps<AnyTRPCRouter, string>, 'queryClient' | 'queryKey' | 'keep'> & {
    readonly initialSession?: TSession | null | undefined
  },
): SessionStore<TSession> {
  const { queryClient, keep, initialSession: initial } = props
  const ask = (wasSignedIn: boolean) =>
    calls.query(`${prefix}session`, undefined, { context: { wasSignedIn } }) as Promise<TSession | null> // what the procedure of this name returns
  if (!queryClient) return createOwnStore(ask, initial)
  const queryKey = props.queryKey ?? [`${prefix}session`.split('.'), { type: 'query' }]
  return createQueryStore({ queryClient, queryKey, ask, initial, keep })
}

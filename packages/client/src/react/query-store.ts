import type { QueryClientLike, QueryLike } from './query-client.ts'
import { type AskSession, type SessionState, type SessionStore, toState } from './state.ts'

export interface QueryStoreOptions<TSession> {
  readonly queryClient: QueryClientLike
  /** The key under which `useQuery(trpc.auth.session.queryOptions())` keeps it too. */
  readonly queryKey: readonly unknown[]
  readonly ask: AskSession<TSession>
  readonly initial: TSession | null | undefined
  /** Which queries don't depend on who asks. */
  readonly keep: ((query: QueryLike) => boolean) | undefined
}

/**
 * The session in TanStack Query's cache, so that the provider and an app's own queries of it are one.
 */
export function createQueryStore<TSession>(options: QueryStoreOptions<TSession>): SessionStore<TSession> {
  const { queryClient, queryKey, ask, initial, keep } = options
  // Without an observer TanStack Query would drop it after some minutes.
  queryClient.setQueryDefaults(queryKey, { gcTime: Infinity })
  if (initial !== undefined && queryClient.getQueryState(queryKey)?.data === undefined)
    queryClient.setQueryData(queryKey, initial)
  const cache = queryClient.getQueryCache()
  const isSession = (query: QueryLike) => sameKey(query.queryKey, queryKey)
  const personal = { predicate: (query: QueryLike) => !isSession(query) && !keep?.(query) }
  const reload = async (): Promise<void> => {
    // What went wrong is in the query's state.
    await queryClient
      .fetchQuery({ queryKey, queryFn: () => ask(Boolean(read().session)), retry: false, staleTime: 0 })
      .catch(() => {})
  }
  let changing = 0
  const setSession = async (session: TSession | null): Promise<void> => {
    changing++
    // A response for the session before may be on its way.
    await queryClient.cancelQueries({ queryKey, exact: true })
    queryClient.setQueryData(queryKey, session)
    changing--
  }
  const read = memoize((): readonly [TSession | null | undefined, unknown] => {
    const state = queryClient.getQueryState(queryKey)
    return [state?.data as TSession | null | undefined, state?.error ?? null] // what `ask` returns, or the app's own query of it
  })
  return {
    read,
    reload,
    reloadAnew: async () => {
      changing++
      await queryClient.cancelQueries({ queryKey, exact: true })
      changing--
      return reload()
    },
    subscribe: (listener) =>
      cache.subscribe(({ type, query }) => {
        if (!isSession(query)) return
        listener()
        if (changing > 0) return
        // An app may clear its cache, or reset it: nothing else would ask again.
        if (
          type === 'removed' ||
          (query.state.data === undefined && query.state.fetchStatus === 'idle' && !query.state.error)
        )
          void reload()
      }),
    set: (session) => void setSession(session),
    dropPersonal: () => {
      void queryClient.cancelQueries(personal)
      queryClient.removeQueries({ ...personal, type: 'inactive' })
      void queryClient.resetQueries(personal)
    },
  }
}

/** Keys are plain data, this one of strings. */
function sameKey(one: readonly unknown[], other: readonly unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** React wants the same object as long as nothing has changed. */
function memoize<TSession>(read: () => readonly [TSession | null | undefined, unknown]): () => SessionState<TSession> {
  let last = read()
  let state = toState(...last)
  return () => {
    const next = read()
    if (next[0] !== last[0] || next[1] !== last[1]) {
      last = next
      state = toState(...next)
    }
    return state
  }
}

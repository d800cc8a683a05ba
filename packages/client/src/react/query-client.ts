/*
 * The part of TanStack Query that is used here, described by its shape: an app without TanStack Query has none of its types to import. Methods,
 * not functions, so that the real ones, with their narrower parameters, fit.
 */

/** A query in the cache. */
export interface QueryLike {
  readonly queryKey: readonly unknown[]
  readonly queryHash: string
  readonly state: { readonly data: unknown; readonly error: unknown; readonly fetchStatus: string }
}

interface QueryFilters {
  readonly queryKey?: readonly unknown[]
  readonly exact?: boolean
  readonly type?: 'inactive'
  predicate?(query: QueryLike): boolean
}

/** TanStack Query's `QueryClient`, version 5. */
export interface QueryClientLike {
  getQueryCache(): {
    subscribe(listener: (event: { readonly type: string; readonly query: QueryLike }) => void): () => void
  }
  setQueryDefaults(queryKey: readonly unknown[], options: { readonly gcTime: number }): void
  getQueryState(queryKey: readonly unknown[]): { readonly data?: unknown; readonly error: unknown } | undefined
  setQueryData(queryKey: readonly unknown[], data: unknown): unknown
  fetchQuery(options: {
    readonly queryKey: readonly unknown[]
    readonly queryFn: () => Promise<unknown>
    readonly retry: false
    readonly staleTime: number
  }): Promise<unknown>
  cancelQueries(filters: QueryFilters): Promise<void>
  removeQueries(filters: QueryFilters): void
  resetQueries(filters: QueryFilters): Promise<void>
}

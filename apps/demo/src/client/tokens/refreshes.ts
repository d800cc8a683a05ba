import type { getFetch } from '@trpc/client'
import { useSyncExternalStore } from 'react'

/** The refreshes that this tab has sent: counted as requests, so that none is missed. */
export interface Refreshes {
  readonly count: number
  readonly last: Date | null
}

let refreshes: Refreshes = { count: 0, last: null }
const listeners = new Set<() => void>()

/** Counts, and leaves the cookie of the other session at home. */
export const countingFetch: ReturnType<typeof getFetch> = async (input, init) => {
  const response = await fetch(input, { ...(init as RequestInit), credentials: 'omit' }) // tRPC's own type of it is looser
  if (typeof input === 'string' && input.includes('/auth.token')) {
    refreshes = { count: refreshes.count + 1, last: new Date() }
    for (const listener of listeners) listener()
  }
  return response
}

export function readRefreshes(): Refreshes {
  return refreshes
}

export function useRefreshes(): Refreshes {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, readRefreshes)
}

import type { TRPCLink } from '@trpc/client'
import { tap } from '@trpc/server/observable'
import { useSyncExternalStore } from 'react'
import type { AppRouter } from '../../server/router.ts'

/** `lost`: it broke and is tried again. `ended`: it failed for good. */
export type StreamState = 'open' | 'lost' | 'ended'

let state: StreamState = 'open'
const listeners = new Set<() => void>()

/** Notes how this tab's stream fares, on its way: a stream that dies in silence looks like one that has nothing to say. */
export const noteStream: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next(op).pipe(
      tap({
        next: ({ result }) => {
          if (result.type === 'state') note(result.state === 'connecting' && result.error ? 'lost' : 'open')
        },
        error: () => note('ended'),
      }),
    )

function note(next: StreamState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

export function useStream(): StreamState {
  return useSyncExternalStore(subscribe, () => state)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

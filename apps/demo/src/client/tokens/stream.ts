import type { TRPCLink } from '@trpc/client'
import { tap } from '@trpc/server/observable'
import { useSyncExternalStore } from 'react'
import type { AppRouter } from '../../server/router.ts'

/** `lost`: it broke, and is tried again. */
export type StreamState = 'open' | 'lost'

/** Milliseconds. A stream that begins anew with the next access token is away for a moment, and that is no news. */
const PATIENCE = 500

let state: StreamState = 'open'
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Notes how this tab's stream fares, on its way: a stream that dies in silence looks like one that has nothing to say. */
export const noteStream: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next(op).pipe(
      tap({
        next: ({ result }) => {
          if (result.type !== 'state') return
          if (result.state === 'pending') note('open')
          else if (result.error) note('lost')
        },
        // The page connects again after every failure, also when the server gave it no ticket.
        error: () => note('lost'),
      }),
    )

function note(next: StreamState): void {
  clearTimeout(timer)
  if (next === 'open') become(next)
  else timer = setTimeout(become, PATIENCE, next)
}

function become(next: StreamState): void {
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

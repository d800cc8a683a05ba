import { useEffect, useLayoutEffect, useRef } from 'react'
import type { SessionChange } from '../types.ts'
import type { SessionStore } from './state.ts'

/**
 * Takes an `initialSession` that has changed: a server action has signed a person in or out, and the page was rendered again.
 *
 * A server renders other objects each time, so the content is compared. If the session has changed here since the last one, the new
 * one may be the older: then the server is asked.
 */
export function useInitialSession<TSession>(
  store: SessionStore<TSession>,
  initial: TSession | null | undefined,
  take: (change: SessionChange<TSession>) => void,
): void {
  const last = useRef<string>(null)
  useBeforePaint(() => {
    const rendered = describe(initial)
    const before = (last.current ??= rendered)
    last.current = rendered
    const shown = describe(store.read().session)
    if (initial === undefined || rendered === before || rendered === shown) return
    if (shown === before) take({ session: initial, reason: initial ? 'signIn' : 'signOut', elsewhere: true })
    else void store.reload()
  }, [store, initial, take])
}

/** Data of the person before must not show even for a moment. On a server nothing is painted, and React 18 warns of layout effects. */
const useBeforePaint = typeof window === 'undefined' ? useEffect : useLayoutEffect

/** Without the expiry, which moves with every request and doesn't identify a session. */
function describe(session: unknown): string {
  return JSON.stringify(session, (key, value: unknown) =>
    key === 'expires' ? undefined : typeof value === 'bigint' ? String(value) : value,
  )
}

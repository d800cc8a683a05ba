import type { TRPCUntypedClient } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { isPage } from '../tokens/page.ts'
import type { SessionChange } from '../types.ts'
import type { SessionStore } from './state.ts'
import { followSession } from './follow-session.ts'
import { useInitialSession } from './use-initial-session.ts'

export interface SessionChangesOptions<TSession> {
  readonly auth: { readonly subscribe: (listener: (change: SessionChange<TSession>) => void) => () => void }
  readonly calls: TRPCUntypedClient<AnyTRPCRouter>
  /** Precedes a procedure's name in its path. */
  readonly prefix: string
  readonly store: SessionStore<TSession>
  readonly initialSession: TSession | null | undefined
  readonly live: boolean
  readonly refetchOnFocus: boolean
}

/** Keeps the store up to date: by the link's changes, by asking when the page becomes visible again, and with `live` by a subscription. */
export function useSessionChanges<TSession>(options: SessionChangesOptions<TSession>): void {
  const { auth, calls, prefix, store, initialSession, live, refetchOnFocus } = options
  const [signIns, setSignIns] = useState(0)
  const take = useCallback(
    (change: SessionChange<TSession>) => {
      apply(store, change)
      if (change.reason === 'signIn') setSignIns((count) => count + 1)
    },
    [store],
  )
  useEffect(() => {
    if (store.read().status === 'loading') void store.reload()
    return auth.subscribe(take)
  }, [auth, store, take])
  useInitialSession(store, initialSession, take)

  useEffect(() => {
    // Devices and terminals have no such event.
    if (!refetchOnFocus || !isPage()) return
    const look = () => void (document.visibilityState === 'visible' && store.reload())
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [store, refetchOnFocus])

  const isSignedIn = useSyncExternalStore(store.subscribe, store.read, store.read).status === 'signedIn'
  useEffect(() => {
    if (!live || !isSignedIn) return
    return followSession(calls, `${prefix}onSessionChange`, (session) => {
      store.set(session as TSession | null) // what the procedure of this name yields
      // When the session ends, the link must learn why: the response tells it whether the tokens are still accepted.
      if (session === null) void store.reload()
    })
    // A stream belongs to the session that opened it: the next sign-in needs another one.
  }, [calls, prefix, store, live, isSignedIn, signIns])

  // Only when the signed-in pages are gone: they would ask for their data again.
  const was = useRef(isSignedIn)
  useEffect(() => {
    if (was.current && !isSignedIn) store.dropPersonal()
    was.current = isSignedIn
  }, [store, isSignedIn])
}

function apply<TSession>(
  store: SessionStore<TSession>,
  { session, reason, kind, elsewhere }: SessionChange<TSession>,
): void {
  if (kind === 'SessionRequired' && store.read().status !== 'signedIn') return
  // It may be another person now, or the same person for another organisation: data of the session before must not show with the new one.
  if (reason === 'signIn' || reason === 'update') store.dropPersonal()
  if (session !== undefined) store.set(session)
  // The server may have been asked before the other tab's change.
  else if (elsewhere) void store.reloadAnew()
  else void store.reload()
}

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

/** Keeps the store true: by what the link tells, by asking when the page is looked at again, and if wanted by the server's own word. */
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
    // A device, a terminal: nothing there tells when it is looked at.
    if (!refetchOnFocus || !isPage()) return
    const look = () => void (document.visibilityState === 'visible' && store.reload())
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [store, refetchOnFocus])

  const isSignedIn = useSyncExternalStore(store.subscribe, store.read, store.read).status === 'signedIn'
  useEffect(() => {
    if (!live || !isSignedIn) return
    return followSession(calls, `${prefix}onSessionChange`, (session) => {
      store.set(session as TSession | null) // what the procedure of this name says
      // At its end the link has to hear why, too: the answer tells it whether the tokens are worth anything.
      if (session === null) void store.reload()
    })
    // A stream is the session's that opened it: whoever signs in next needs another one.
  }, [calls, prefix, store, live, isSignedIn, signIns])

  // Only once the pages of whoever it was are gone, which would ask for their data again.
  const was = useRef(isSignedIn)
  useEffect(() => {
    if (was.current && !isSignedIn) store.dropPersonal()
    was.current = isSignedIn
  }, [store, isSignedIn])
}

function apply<TSession>(store: SessionStore<TSession>, { session, reason, kind }: SessionChange<TSession>): void {
  if (kind === 'SessionRequired' && store.read().status !== 'signedIn') return
  // Somebody else may sit here now, or the same person for another organisation: nothing that was read before is shown with the new session.
  if (reason === 'signIn' || reason === 'update') store.dropPersonal()
  if (session === undefined) void store.reload()
  else store.set(session)
}

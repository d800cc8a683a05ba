import type { TRPCUntypedClient } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { SessionChange } from '../types.ts'
import type { SessionStore } from './state.ts'

export interface SessionChangesOptions<TSession> {
  readonly auth: { readonly subscribe: (listener: (change: SessionChange<TSession>) => void) => () => void }
  readonly calls: TRPCUntypedClient<AnyTRPCRouter>
  readonly path: string
  readonly store: SessionStore<TSession>
  readonly live: boolean
  readonly refetchOnFocus: boolean
}

/** Keeps the store true: by what the link tells, by asking when the page is looked at again, and if wanted by the server's own word. */
export function useSessionChanges<TSession>(options: SessionChangesOptions<TSession>): void {
  const { auth, calls, path, store, live, refetchOnFocus } = options
  const [signIns, setSignIns] = useState(0)
  useEffect(() => {
    if (store.read().status === 'loading') void store.reload()
    return auth.subscribe((change) => {
      apply(store, change)
      if (change.reason === 'signIn') setSignIns((count) => count + 1)
    })
  }, [auth, store])

  useEffect(() => {
    if (!refetchOnFocus) return
    const look = () => void (document.visibilityState === 'visible' && store.reload())
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [store, refetchOnFocus])

  const isSignedIn = useSyncExternalStore(store.subscribe, store.read, store.read).status === 'signedIn'
  useEffect(() => {
    if (!live || !isSignedIn) return
    const stream = calls.subscription(`${path}.onSessionChange`, undefined, {
      onData: (session) => {
        store.set(session as TSession | null) // what the procedure of this name says
        // At its end the link has to hear why, too: the answer tells it whether the tokens are worth anything.
        if (session === null) void store.reload()
      },
    })
    return () => stream.unsubscribe()
    // A stream is the session's that opened it: whoever signs in next needs another one.
  }, [calls, path, store, live, isSignedIn, signIns])

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

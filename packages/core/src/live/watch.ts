import { AuthError, type AuthErrorKind } from '../errors.ts'
import type { Engine } from '../engine.ts'
import type { Identity } from '../session/identity.ts'
import type { Revocations } from '../session/revocations.ts'
import type { SessionBus } from './bus.ts'

/** What happens to a session that is being watched. */
export interface WatchListener {
  /** Its claims or its life changed. */
  readonly changed: (identity: Identity) => void
  /** It is over: `SessionRevoked` or `SessionExpired`, for an access token `AccessTokenExpired`. Nothing comes after. */
  readonly ended: (reason: AuthError) => void
}

/** Longer waits overflow a timer (2^31 - 1 ms); the watch looks again and goes on. */
const MAX_WAIT = 2_147_483_647

/**
 * Watches a session until it ends. Costs a timer and a place among the bus's listeners; asks no store.
 *
 * @returns a function that stops watching
 */
export function watchIdentity(
  {
    engine,
    revocations,
    bus,
  }: { readonly engine: Engine; readonly revocations: Revocations; readonly bus: SessionBus },
  start: Identity,
  listener: WatchListener,
): () => void {
  const { clock } = engine.settings
  let current = start
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  const stop = () => {
    if (over) return
    over = true
    clearTimeout(timer)
    unsubscribe()
  }
  const end = (kind: AuthErrorKind) => {
    if (over) return
    stop()
    listener.ended(new AuthError(kind))
  }
  const wait = () => {
    clearTimeout(timer)
    const left = current.expires.getTime() - clock().getTime()
    timer = setTimeout(left <= MAX_WAIT ? expire : wait, Math.min(Math.max(left, 0), MAX_WAIT))
  }
  const expire = () =>
    current.expires.getTime() <= clock().getTime()
      ? end(current.isAccess ? 'AccessTokenExpired' : 'SessionExpired')
      : wait()
  const unsubscribe = bus.subscribe((event) => {
    if (event.type === 'revoked') {
      if (event.sessionIds.includes(current.sessionId)) end('SessionRevoked')
    } else if (event.sessionId === current.sessionId && !over) {
      current = event.identity
      wait()
      listener.changed(current)
    }
  })

  wait()
  // It may have ended between the look-up and here.
  if (revocations.has(current.sessionId)) queueMicrotask(() => end('SessionRevoked'))
  return stop
}

import { AuthError, isAuthError, isUntrusted } from '../errors.ts'
import type { Engine } from '../config/engine.ts'
import type { Identity } from '../contract/identity.ts'
import type { Revocations } from '../session/revocations.ts'
import type { Revalidated } from '../session/strategy.ts'
import { fingerprint } from './fingerprint.ts'
import { createWatchers, type Watcher } from './watchers.ts'

/** What a live session needs of the engine. */
export interface LiveEngine extends Engine {
  readonly revocations: Revocations
  /** Asks again about a session and writes nothing. `force`: asks even if what is known isn't too old yet. */
  readonly revalidate: (identity: Identity, force: boolean) => Promise<Revalidated>
}

/**
 * One session as all its open streams and sockets in this engine share it: one identity and one timer, however many of them there are.
 * Nothing that it knows is older than `revalidateAge`.
 */
export interface LiveSession {
  /** The session as a request would find it now. @throws AuthError why it is over; `AdapterError`, and then it may be asked again */
  readonly current: () => Promise<Identity>
  /** @returns a function that stops watching. @throws AuthError `RateLimited` if too many watch already */
  readonly watch: (watcher: Watcher) => () => void
  /** Takes over what an event or a later look-up knows of the session. */
  readonly update: (identity: Identity) => void
  /** Asks again as soon as it can: what is known may be old. */
  readonly refresh: () => void
  /** When the store was last asked, or a token was built that says as much: milliseconds since the epoch. */
  readonly askedAt: () => number
  readonly end: (reason: AuthError) => void
  /** Ends its streams and its timer. The session goes on. */
  readonly close: (reason: AuthError) => void
  readonly identity: () => Identity
}

export function createLiveSession(engine: LiveEngine, start: Identity, onEnd: () => void): LiveSession {
  const { clock, revalidateAge } = engine.settings
  const now = () => clock().getTime()
  const watchers = createWatchers(engine)
  /** The newest that was issued or read, from which the store is asked. */
  let base = start
  /** What asking found, and until when an operation needn't ask again. */
  let known: (Revalidated & { readonly at: number }) | null = null
  let askedAt = whenAsked(start, now())
  let asking: Promise<Identity> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let over: AuthError | null = null

  const end = (reason: AuthError) => {
    if (over) return
    over = reason
    clearTimeout(timer)
    onEnd()
    watchers.end(reason)
  }
  const replace = (before: Identity, after: Identity) => {
    if (watchers.count() === 0) return
    schedule()
    if (fingerprint(before) !== fingerprint(after)) watchers.tell(after)
  }
  const ask = async (force: boolean): Promise<Identity> => {
    const asked = base
    try {
      const checked = await engine.revalidate(asked, force)
      if (over) throw over
      if (engine.revocations.has(asked.sessionId)) throw new AuthError('SessionRevoked')
      // An event was faster, and what it said is newer.
      if (base !== asked) return await ask(false)
      const before = known?.identity ?? base
      known = { ...checked, at: now() }
      if (checked.asked) askedAt = known.at
      // A row is what it is now. Claims stay as they were issued: what was rebuilt from them is kept for a while only.
      base = checked.identity.strategy === 'database' ? checked.identity : lastingAs(base, checked.identity)
      replace(before, checked.identity)
      return checked.identity
    } catch (error) {
      if (isUntrusted(error)) end(error)
      throw error
    }
  }
  const askOnce = (force: boolean) => (asking ??= ask(force).finally(() => (asking = null)))

  const wait = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), Math.min(Math.max(ms, MIN_WAIT), MAX_WAIT))
  }
  const schedule = () => {
    if (over || watchers.count() === 0) return clearTimeout(timer)
    // Early enough to ask again if the store fails; the random part spreads the sessions out.
    const due = askedAt + revalidateAge * (0.8 + 0.1 * Math.random())
    wait(Math.min(base.expires.getTime(), due) - now())
  }
  const look = async () => {
    if (now() - askedAt < revalidateAge * 0.8 && base.expires.getTime() > now()) return schedule()
    await lookNow()
  }
  const lookNow = async () => {
    const age = now() - askedAt
    try {
      await askOnce(true)
      schedule()
    } catch (error) {
      if (over) return
      // The store fails. Streams go on until what is known is too old; a socket asks again with its next operation.
      if (age < revalidateAge && base.expires.getTime() > now()) wait(Math.min(revalidateAge / 20, revalidateAge - age))
      else watchers.end(isAuthError(error) ? error : new AuthError('AdapterError', { cause: error }))
    }
  }
  const refuseRevoked = () => {
    if (!over && engine.revocations.has(base.sessionId)) end(new AuthError('SessionRevoked'))
  }

  return {
    current: async () => {
      refuseRevoked()
      if (over) throw over
      const moment = now()
      const isFresh = known && moment >= known.at && moment < known.until && moment < known.identity.expires.getTime()
      return known && isFresh ? known.identity : askOnce(false)
    },
    watch: (watcher) => {
      const stop = watchers.add(watcher)
      if (watchers.count() === 1) schedule()
      // It may have ended between the look-up and here.
      queueMicrotask(() => {
        refuseRevoked()
        if (over) watchers.end(over)
      })
      return () => {
        stop()
        if (watchers.count() === 0) clearTimeout(timer)
      }
    },
    update: (identity) => {
      if (over || identity === base) return
      const before = known?.identity ?? base
      base = identity
      known = null
      askedAt = Math.max(askedAt, whenAsked(identity, now()))
      replace(before, identity)
    },
    refresh: () => {
      if (over) return
      // Another object: whoever is asking just now asks again.
      base = { ...base }
      known = null
      if (watchers.count() > 0) void lookNow()
    },
    askedAt: () => askedAt,
    end,
    close: (reason) => {
      clearTimeout(timer)
      watchers.end(reason)
    },
    identity: () => base,
  }
}

/** Milliseconds. A timer may come a little early, and must not spin; a longer wait than 2^31 - 1 overflows it. */
const MIN_WAIT = 10
const MAX_WAIT = 2_147_483_647

/** The same claims with a later end, if the session was extended meanwhile. */
function lastingAs(base: Identity, { expires, token }: Identity): Identity {
  return expires > base.expires ? { ...base, expires, token: { ...base.token, exp: token.exp } } : base
}

/** When the store was asked for this: for a row that was read, now; for a token, when it was built. */
function whenAsked({ strategy, token }: Identity, now: number): number {
  return strategy === 'database' ? now : Math.min(token.iat * 1_000, now)
}

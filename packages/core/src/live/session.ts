import { AuthError, isAuthError, isUntrusted } from '../errors.ts'
import type { Engine } from '../config/engine.ts'
import type { Identity } from '../contract/identity.ts'
import type { Revocations } from '../session/revocations.ts'
import { builtAt } from '../session/confirm.ts'
import type { Revalidated } from '../session/strategy.ts'
import { fingerprint } from './fingerprint.ts'
import { createTimer, type Timer } from './timer.ts'
import { createWatchers, type Watcher, type Watchers } from './watchers.ts'

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
  /** Asks again at once: what is known may be old. */
  readonly refresh: () => void
  /** When the store was last asked, or a token was built from it: milliseconds since the epoch. */
  readonly askedAt: () => number
  /** Whether its end can't have gone unheard. */
  readonly isConfirmed: () => boolean
  /** Asks its row if its end may have gone unheard, for the streams that wait. Never throws. */
  readonly confirm: () => Promise<void>
  readonly end: (reason: AuthError) => void
  /** Ends its streams and its timer. The session goes on. */
  readonly close: (reason: AuthError) => void
  readonly identity: () => Identity
}

export function createLiveSession(engine: LiveEngine, start: Identity, onEnd: () => void): LiveSession {
  const live: Live = {
    engine,
    onEnd,
    watchers: createWatchers(engine),
    timer: createTimer(() => void revalidateIfDue(live)),
    base: start,
    known: null,
    askedAt: whenAsked(start, now(engine)),
    confirmedAt: whenConfirmed(start, now(engine)),
    asking: null,
    over: null,
  }
  return {
    current: () => current(live),
    watch: (watcher) => watch(live, watcher),
    update: (identity) => update(live, identity),
    refresh: () => refresh(live),
    askedAt: () => live.askedAt,
    isConfirmed: () => live.over !== null || live.watchers.count() === 0 || isConfirmed(live),
    confirm: () => confirmNow(live),
    end: (reason) => end(live, reason),
    close: (reason) => {
      live.timer.stop()
      live.watchers.end(reason)
    },
    identity: () => live.base,
  }
}

interface Live {
  readonly engine: LiveEngine
  readonly onEnd: () => void
  readonly watchers: Watchers
  readonly timer: Timer
  /** The newest that was issued or read, from which the store is asked. */
  base: Identity
  /** The last result of asking; null: what is known is `base`. */
  known: Known | null
  askedAt: number
  /** When it was known not to have ended. */
  confirmedAt: number
  /** One question at a time, however many wait for its result. */
  asking: Promise<Identity> | null
  /** Why it has ended. */
  over: AuthError | null
}

interface Known extends Revalidated {
  /** When it was asked: milliseconds since the epoch. */
  readonly at: number
}

async function current(live: Live): Promise<Identity> {
  endIfRevoked(live)
  if (live.over) throw live.over
  const isKnown = live.known && isFresh(live.known, now(live.engine)) && isConfirmed(live)
  return live.known && isKnown ? live.known.identity : ask(live, false)
}

function isFresh({ at, until, identity }: Known, moment: number): boolean {
  return moment >= at && moment < until && moment < identity.expires.getTime()
}

function isConfirmed({ engine, confirmedAt }: Live): boolean {
  return engine.revocations.isCompleteSince(confirmedAt)
}

function ask(live: Live, force: boolean): Promise<Identity> {
  return (live.asking ??= revalidate(live, force).finally(() => (live.asking = null)))
}

/** An untrusted session ends here; any other failure leaves it as it is. */
async function revalidate(live: Live, force: boolean): Promise<Identity> {
  const { engine, base: asked } = live
  try {
    const revalidated = await engine.revalidate(asked, force)
    if (live.over) throw live.over
    if (engine.revocations.has(asked.sessionId)) throw new AuthError('SessionRevoked')
    // An event was faster, and what it said is newer.
    if (live.base !== asked) return await revalidate(live, false)
    return accept(live, revalidated)
  } catch (error) {
    if (isUntrusted(error)) end(live, error)
    throw error
  }
}

function accept(live: Live, revalidated: Revalidated): Identity {
  const { identity, asked } = revalidated
  const before = live.known?.identity ?? live.base
  live.known = { ...revalidated, at: now(live.engine) }
  if (asked) live.askedAt = live.known.at
  live.confirmedAt = Math.max(live.confirmedAt, revalidated.confirmedAt)
  // A row is what it is now. Claims stay as they were issued: what was rebuilt from them is kept for a while only.
  live.base = identity.strategy === 'database' ? identity : lastingAs(live.base, identity)
  notifyWatchers(live, before, identity)
  return identity
}

function update(live: Live, identity: Identity): void {
  if (live.over || identity === live.base) return
  const before = live.known?.identity ?? live.base
  live.base = identity
  live.known = null
  live.askedAt = Math.max(live.askedAt, whenAsked(identity, now(live.engine)))
  live.confirmedAt = Math.max(live.confirmedAt, whenConfirmed(identity, now(live.engine)))
  notifyWatchers(live, before, identity)
}

function refresh(live: Live): void {
  if (live.over) return
  // Another object: a question that is under way is asked again.
  live.base = { ...live.base }
  live.known = null
  if (live.watchers.count() > 0) void revalidateNow(live)
}

function notifyWatchers(live: Live, before: Identity, after: Identity): void {
  if (live.watchers.count() === 0) return
  schedule(live)
  if (fingerprint(before) !== fingerprint(after)) live.watchers.notify(after)
}

function watch(live: Live, watcher: Watcher): () => void {
  const { watchers, timer } = live
  const remove = watchers.add(watcher)
  if (watchers.count() === 1) schedule(live)
  // It may have ended between the look-up and now.
  queueMicrotask(() => {
    endIfRevoked(live)
    if (live.over) watchers.end(live.over)
  })
  return () => {
    remove()
    if (watchers.count() === 0) timer.stop()
  }
}

function endIfRevoked(live: Live): void {
  if (!live.over && live.engine.revocations.has(live.base.sessionId)) end(live, new AuthError('SessionRevoked'))
}

function end(live: Live, reason: AuthError): void {
  if (live.over) return
  live.over = reason
  live.timer.stop()
  live.onEnd()
  live.watchers.end(reason)
}

/** Early enough to ask again if the store fails; the random part spreads the sessions out. */
function schedule({ engine, watchers, timer, base, askedAt, over }: Live): void {
  if (over || watchers.count() === 0) return timer.stop()
  const due = askedAt + engine.settings.revalidateAge * (0.8 + 0.1 * Math.random())
  timer.start(Math.min(base.expires.getTime(), due) - now(engine))
}

async function revalidateIfDue(live: Live): Promise<void> {
  const { engine, base, askedAt } = live
  const moment = now(engine)
  const isDue = moment - askedAt >= engine.settings.revalidateAge * 0.8 || moment >= base.expires.getTime()
  if (!isDue) return schedule(live)
  await revalidateNow(live)
}

async function confirmNow(live: Live): Promise<void> {
  try {
    if (!isConfirmed(live)) await ask(live, false)
  } catch {
    // If it has ended, its streams have been told. If the store failed, they go on until what is known is too old.
  }
}

/** If the store fails, streams go on until what is known is too old; a socket asks again with its next operation. */
async function revalidateNow(live: Live): Promise<void> {
  const { engine, timer, watchers } = live
  const { revalidateAge } = engine.settings
  const age = now(engine) - live.askedAt
  try {
    await ask(live, true)
    schedule(live)
  } catch (error) {
    if (live.over) return
    if (age < revalidateAge && live.base.expires.getTime() > now(engine)) {
      timer.start(Math.min(revalidateAge / 20, revalidateAge - age))
    } else {
      watchers.end(isAuthError(error) ? error : new AuthError('AdapterError', { cause: error }))
    }
  }
}

function now({ settings }: LiveEngine): number {
  return settings.clock().getTime()
}

/** The same claims with a later end, if the session was extended meanwhile. */
function lastingAs(base: Identity, { expires, token }: Identity): Identity {
  return expires > base.expires ? { ...base, expires, token: { ...base.token, exp: token.exp } } : base
}

/** When the store was asked for this: for a row that was read, now; for a token, when it was built. */
function whenAsked({ strategy, token }: Identity, now: number): number {
  return strategy === 'database' ? now : Math.min(token.iat * 1_000, now)
}

function whenConfirmed({ strategy, token }: Identity, now: number): number {
  return strategy === 'database' ? now : builtAt(token)
}

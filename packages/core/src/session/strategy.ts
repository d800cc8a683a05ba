import type { Awaitable } from '../internal/types.ts'
import type { Account, AnyUser, Profile } from '../contract/user.ts'
import type { Identity } from '../contract/identity.ts'

/** What a strategy knows of the request that signs in, to be shown in the list of sessions. */
export interface ClientInfo {
  readonly userAgent: string | null
  readonly ip: string | null
}

export interface StartParams {
  readonly user: AnyUser
  readonly account: Account
  readonly profile: Profile | null
  readonly isNewUser: boolean
  readonly client: ClientInfo
  /** How the person was verified. */
  readonly amr: readonly string[]
}

/** What a strategy puts into the browser: the cookie's value and its life in seconds. */
export interface IssuedCookie {
  readonly value: string
  readonly maxAge: number
}

export interface Issued {
  readonly identity: Identity
  /** Absent if the browser's cookie is still the right one. */
  readonly cookie?: IssuedCookie
  /** What keeps the session alive, if that is due and a cookie can be delivered. Nothing of it has happened yet. */
  readonly renewal?: Renewal
  /** Until when the same value counts without opening it again; absent if every request must ask. */
  readonly fresh?: Freshness
}

/** A session that is to be extended or renewed: first its cookie is put into the response, then it is saved. */
export interface Renewal {
  /** The session as it is once both have happened. */
  readonly identity: Identity
  readonly cookie: IssuedCookie
  /** false: something was decided later than what the cookie holds, so that it must not be sent. */
  readonly isCurrent: () => boolean
  /** Writes what goes with the cookie. @returns false if that failed, or another request did it: the cookie isn't sent */
  readonly save: () => Promise<boolean>
}

/** The result of revalidating an open connection's session. */
export interface Revalidated {
  readonly identity: Identity
  /** Milliseconds since the epoch until which it needn't be asked again; in the past: every operation asks. */
  readonly until: number
  /** Whether the store was asked, or without one the app's jwt callback. */
  readonly asked: boolean
  /** When the session was known not to have ended: milliseconds since the epoch. */
  readonly confirmedAt: number
}

/** A session that `updateSession` has changed. */
export interface Updated extends Issued {
  /** The `jti` of the token that the new one replaces; absent if the cookie stays. */
  readonly replaces?: string
}

/** A session that begins always has a cookie. */
export interface Begun extends Issued {
  readonly cookie: IssuedCookie
}

/** Milliseconds since the epoch. */
export interface Freshness {
  readonly until: number
  /** From when on extending the session is due, if a cookie can be delivered. */
  readonly slideAt: number
  /** When the session was known not to have ended. If ends since then may have gone unheard, its row is asked. */
  readonly confirmedAt: number
}

/**
 * Where sessions live. Both strategies implement this, and return cookies as data.
 *
 * A credential that doesn't count throws an `AuthError` with the code UNAUTHORIZED, whose kind says why; a failing store throws
 * `AdapterError`.
 */
export interface SessionStrategy {
  /**
   * Verifies a cookie's value, and prepares what extends or renews the session if that is due and a cookie can be delivered.
   *
   * @param isTheirs whether it came in the cookie of another library, which ours replaces
   */
  readonly open: (value: string, writable: boolean, isTheirs?: true) => Awaitable<Issued>
  /**
   * The session of a cookie's value, to end it: renews nothing, extends nothing and calls no callback of the app, for that may be what
   * fails.
   */
  readonly identify: (value: string, isTheirs?: true) => Promise<Identity>
  readonly start: (params: StartParams) => Promise<Begun>
  /**
   * Asks again about a session that was opened before, as a request with its cookie would, and writes nothing.
   *
   * @param force asks the store even if what is known isn't too old yet
   */
  readonly revalidate: (identity: Identity, force: boolean) => Promise<Revalidated>
  /** Merges declared claims into the session. */
  readonly update: (identity: Identity, patch: Readonly<Record<string, unknown>>) => Promise<Updated>
  /** Whether `update` changes the cookie. */
  readonly updatesCookie: boolean
  /** Ends the session. With a store, copies of its cookie end too. */
  readonly end: (identity: Identity) => Promise<void>
}

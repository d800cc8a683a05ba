import type { Awaitable } from '../internal/types.ts'
import type { SignedIn } from './marker.ts'
import type { Session } from './session.ts'
import type { Pending, Verified } from './verified.ts'

/** How long a plug-in's cookie lasts, and which requests carry it. */
export interface PluginCookieOptions {
  /** Seconds; 0 removes the cookie. */
  readonly maxAge: number
  /**
   * Which requests of other sites carry it.
   *
   * @default 'lax': those that a person makes by following a link
   */
  readonly sameSite?: 'lax' | 'strict' | 'none'
}

/** What is counted of a check that can be guessed at. */
export interface AttemptParams {
  /** Names the check: each of a plug-in's has a count of its own. */
  readonly what: string
  /** The account that the guess is about, so that guesses at one account are limited; null: counted by the client's address only. */
  readonly whom: string | null
}

/** A limit on what costs money or annoys people, such as a mail. */
export interface LimitParams {
  /** Names what is sent: each of a plug-in's has a count of its own. */
  readonly what: string
  /**
   * Whom it is sent to; spellings of one name share a count. Or the client's `address`, if that is known (an IPv6 address counts as its
   * /64). null: one count for everybody.
   */
  readonly whom: string | null
  /** How many there may be within the window. */
  readonly max: number
  /** Seconds. */
  readonly window: number
}

/** One call of an operation: what it may know of its request. */
export interface Call {
  /** A request header, by any-case name; null if it wasn't sent. */
  readonly header: (name: string) => string | null
  /**
   * A cookie of this plug-in's own, as `setCookie` has set it; null if it wasn't sent.
   *
   * @throws AuthError `UntrustedOrigin` over a socket that another site's page has opened
   */
  readonly cookie: (name: string) => string | null
  /** The client's address as the server's configuration lets it be known, else null. */
  readonly address: string | null
  /** The engine's time: the same as `clock` in `setup()`. */
  readonly now: () => Date
  /** What a sign-in by this client returns: a session cookie, or tokens for a client that keeps them. Null in a query and a subscription. */
  readonly flow: 'cookie' | 'token' | null
  /** Aborted when the client has gone; undefined if that isn't known. */
  readonly signal: AbortSignal | undefined
  /** The session of the request, or null. Looked up when it is asked for, once per request. */
  readonly session: () => Promise<Session | null>
  /**
   * Runs a write that gives the user of the session another way in (a password, a key, an address), or removes one that may come back, once it is
   * known that the session is still there: it may have ended since the call began, on another instance too, because the owner of the user's
   * address has taken the account over. Keep it short: hash before.
   *
   * @throws AuthError `SessionRequired`, `SessionRevoked`, and what `run` throws
   * @example await call.whileSignedIn(() => tables.keys.insert(row))
   */
  readonly whileSignedIn: <T>(run: () => Promise<T>) => Promise<T>
  /**
   * Refuses a session that hasn't shown the second factor that its owner has. That this device is remembered doesn't count. For what adds
   * something that stands for two factors by itself, such as a passkey: else the first factor alone would be enough to get the second
   * (NIST SP 800-63B, binding of an additional authenticator).
   *
   * @throws AuthError `SessionRequired`; `StepUpRequired`, whose `factor` is `'mfa'`
   * @example await call.requireSecondFactor()
   */
  readonly requireSecondFactor: () => Promise<void>
  /**
   * Sets a cookie of this plug-in's own: HttpOnly, for the whole site, its name prefixed by the plug-in's id.
   *
   * @throws AuthError `ResponseCommitted`; TypeError for a name that isn't of letters, digits, - and _, and for more than 4,096 bytes
   */
  readonly setCookie: (name: string, value: string, options: PluginCookieOptions) => void
  /**
   * Runs a check that can be guessed at, counted per `whom` and per client: null and a refusal that it throws count as a failure, anything else
   * clears the count. Returns what the check returned.
   *
   * @throws AuthError `RateLimited`, before the check runs; `CredentialsSignin` if the check returns null; what the check throws
   */
  readonly attempt: <T extends object>(params: AttemptParams, check: () => Awaitable<T | null>) => Promise<T>
  /**
   * Counts something that is about to be sent, before it is. A call that is refused isn't counted; one that was counted stays so, also if
   * nothing was sent after all. `limits.signIn: false` doesn't change it.
   *
   * @throws AuthError `RateLimited` with `retryAfter`; TypeError if `max` or `window` isn't a whole number, one or more
   *
   * @example
   * // The client first: one that is refused then uses up nobody else's count. Where its address isn't known, null would mean everybody.
   * if (call.address !== null) await call.limit({ what: 'mail', whom: call.address, max: 20, window: 3_600 })
   * await call.limit({ what: 'mail', whom: email, max: 5, window: 3_600 })
   * await call.limit({ what: 'mail', whom: null, max: 1_000, window: 3_600 })
   */
  readonly limit: (params: LimitParams) => Promise<void>
  /**
   * The sign-in that waits for a second factor under this challenge, to send its user a code, say. Ends nothing: the challenge can still be used.
   *
   * @throws AuthError `InvalidToken` if there is none, or it has expired
   */
  readonly pending: (challenge: string) => Promise<Pending>
}

/** What `signIn` of a call takes besides. */
export interface SignInOptions {
  /**
   * Ends all other sessions of the user, and their sign-ins that wait for a second step, once this one has begun: after a change of password.
   * If a second factor is due, that is after the second step. Without an adapter that keeps sessions by id, only this instance ends those that have an
   * open stream.
   *
   * @default false
   */
  readonly endOthers?: boolean
}

/** What `finish` of a call takes besides. */
export interface FinishOptions {
  /**
   * What the second step has shown, by the names of RFC 8176: added to the first step's. `'mfa'` is added in any case.
   *
   * @default none
   * @example ['otp']
   */
  readonly amr?: readonly string[]
}

/** A call of somebody who is known: every access but `'public'`. */
export interface SignedInCall extends Call {
  /** Who asks. */
  readonly user: Session['user']
  /** Their session, or what stands for one if they are known by a credential of a plug-in: roles, claims, `via`, `scopes`. */
  readonly current: Session
  /** Ends all other sessions of this user. @returns how many that were */
  readonly endOthers: () => Promise<number>
}

/** A call that may sign somebody in: in a `signInMutation()`, a provider's `begin()`, and an endpoint. */
export interface SigningInCall extends Call {
  /** What the sign-in returns: a session cookie, or tokens for a client that keeps them. An endpoint's is always a cookie. */
  readonly flow: 'cookie' | 'token'
  /**
   * The rest of a sign-in, once its user is known. In an operation for somebody with a session the new one takes the place of theirs: it has an
   * id of its own, keeps what they have shown before (`amr`), and is a cookie or tokens as theirs was.
   */
  readonly signIn: (verified: Verified, options?: SignInOptions) => Promise<SignedIn>
  /** Begins the session of a sign-in whose second step has succeeded. Of many calls with one challenge exactly one goes on. */
  readonly finish: (pending: Pending, factor: string, options?: FinishOptions) => Promise<SignedIn>
}

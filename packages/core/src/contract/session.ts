import type { AuthTypes, Strategy } from './auth-types.ts'

/** The signed-in person, as far as every session knows them. */
export interface SessionUser {
  /** The identity of the session: `sub` of its token. */
  readonly id: string
  /** The person's name. */
  readonly name?: string | null | undefined
  /** The person's address. */
  readonly email?: string | null | undefined
  /** The URL of a picture. */
  readonly image?: string | null | undefined
}

/**
 * A session as the server sees it: `ctx.session` after a guard. Holds declared claims only, so that returning it leaks nothing. Requests with
 * the same cookie or token share it, so it is frozen: in strict mode, writing into it throws. So do the setters of its dates.
 */
export interface Session<TRole extends string = string, TClaims = object> {
  /** The signed-in person. */
  readonly user: SessionUser
  /** The declared roles that this person has, in order, each once. */
  readonly roles: readonly TRole[]
  /** The declared claims. Each may be absent. */
  readonly claims: TClaims
  /** The public id: stable for the whole session, fit for lists and logs, no secret. */
  readonly sessionId: string
  /** When the session ends, if it isn't used until then. */
  readonly expires: Date
  /** Where the session lives. */
  readonly strategy: Strategy
  /** When the person last signed in; null if a token of another library doesn't say, which counts as never fresh. */
  readonly authTime: Date | null
  /**
   * How the person signed in, by the names of RFC 8176 (`'pwd'`, `'otp'`, `'hwk'`, `'mfa'`), and two of this library's own: `'email'` and
   * `'fed'`, for another service. Empty if that isn't known.
   */
  readonly amr: readonly string[]
  /** What decided: `'cookie'`, `'bearer'`, `'ticket'`, or the id of the plug-in whose credential the request carried (`'apiKey'`). */
  readonly via: string
  /** What that credential may do: what `requireScope` compares with. Null: not limited, for a person's session. */
  readonly scopes: readonly string[] | null
}

/** A session as a client gets it without a session callback. */
export interface ClientSession<TRole extends string = string, TClaims = unknown> {
  /** The signed-in person. */
  readonly user: SessionUser
  /** The declared roles that this person has, in order, each once. */
  readonly roles: readonly TRole[]
  /** The declared claims that leave the server. Each may be absent. */
  readonly claims: TClaims
  /** When the session ends, if it isn't used until then. */
  readonly expires: Date
}

/** One of a person's sessions, as the list shows it. */
export interface SessionInfo {
  /** The public id: what `sessions.revoke` takes. */
  readonly id: string
  /** Whether it is the session that asks. */
  readonly current: boolean
  /** When it began. */
  readonly createdAt: Date
  /** When it was last extended. */
  readonly lastSeenAt: Date
  /** When it ends, if it isn't used until then. */
  readonly expires: Date
  /** The user agent of the sign-in, cut at 512 characters; null if it sent none. */
  readonly device: string | null
  /** The client's address at sign-in; null if it isn't known. */
  readonly ip: string | null
}

/** Where to read inferred types: `type Session = typeof auth.$Infer.Session`. It has no value at run time. */
export interface Inferred<in out U extends AuthTypes> {
  /** The session as a client gets it. */
  readonly Session: U['shaped']
  /** The session as the server's procedures see it. */
  readonly ServerSession: Session<U['role'], U['claims']>
  /** The declared role names. */
  readonly Role: U['role']
  /** The declared claims. */
  readonly Claims: U['claims']
}

import type { AuthTypes, Strategy } from './auth-types.ts'

/** The signed-in person, as far as every session knows them. */
export interface SessionUser {
  readonly id: string
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly image?: string | null | undefined
}

/** A session as the server sees it: `ctx.session` after a guard. Holds declared claims only, so that returning it leaks nothing. */
export interface Session<TRole extends string = string, TClaims = object> {
  readonly user: SessionUser
  /** The declared roles that this person has, in order, each once. */
  readonly roles: readonly TRole[]
  /** The declared claims. Each may be absent. */
  readonly claims: TClaims
  /** The public id: stable for the whole session, fit for lists and logs, no secret. */
  readonly sessionId: string
  readonly expires: Date
  readonly strategy: Strategy
  /** When the person last signed in; null where a token of another library doesn't say, which counts as never fresh. */
  readonly authTime: Date | null
  /** What decided: `'cookie'`, `'bearer'`, `'ticket'`, or the id of the plug-in whose credential the request carried (`'apiKey'`). */
  readonly via: string
  /** What that credential may do: what `requireScope` compares with. Null: not limited, for a person's session. */
  readonly scopes: readonly string[] | null
}

/** A session as a client gets it where no session callback says otherwise. */
export interface ClientSession<TRole extends string = string, TClaims = unknown> {
  readonly user: SessionUser
  readonly roles: readonly TRole[]
  readonly claims: TClaims
  readonly expires: Date
}

/** One of a person's sessions, as the list shows it. */
export interface SessionInfo {
  /** The public id: what `sessions.revoke` takes. */
  readonly id: string
  readonly current: boolean
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly expires: Date
  /** The user agent of the sign-in, cut at 512 characters; null where it sent none. */
  readonly device: string | null
  /** The client's address at sign-in; null where it isn't known. */
  readonly ip: string | null
}

/** Where to read inferred types: `type Session = typeof auth.$Infer.Session`. There is no value behind it. */
export interface Inferred<in out U extends AuthTypes> {
  /** The session as a client gets it. */
  readonly Session: U['shaped']
  /** The session as the server's procedures see it. */
  readonly ServerSession: Session<U['role'], U['claims']>
  readonly Role: U['role']
  readonly Claims: U['claims']
}

import type { Optional } from '../internal/types.ts'

/** The claims that every token has, besides the declared ones. */
export interface DefaultClaims {
  sub: string
  name?: string | null | undefined
  email?: string | null | undefined
  picture?: string | null | undefined
  /** Unix seconds: when this token was last built or renewed. */
  iat: number
  /** Unix seconds: when it ends. */
  exp: number
  jti: string
  /** The session's public id, a UUID. It names the session and authenticates nothing. */
  sessionId: string
  /** Unix seconds: when the person last signed in. Absent in a token that another library issued. */
  authTime?: number | undefined
  /** How the person signed in. Absent if that isn't known. */
  amr?: readonly string[] | undefined
  /** Unix seconds: when a token of another library was first renewed here, from which its absolute lifetime counts. */
  adoptedAt?: number | undefined
}

/** The claims map of a session: what the jwt callback shapes and `ctx.auth.token()` returns. Undeclared keys are allowed and stay on the server. */
export type Token<TRole extends string = string, TClaims = unknown> = DefaultClaims & {
  roles?: readonly TRole[] | undefined
  role?: string | undefined
} & Optional<TClaims>

/** A token inside the engine, where the declared claims are data. */
export interface AnyToken extends DefaultClaims {
  roles?: readonly string[] | undefined
  role?: string | undefined
  [claim: string]: unknown
}

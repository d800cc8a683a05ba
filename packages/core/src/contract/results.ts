import type { AuthTypes } from './auth-types.ts'
import type { TokenResponse } from './token-response.ts'

/** What `signIn` returns, told apart by `status`. `TMore`: what the configured providers and plug-ins add to it. */
export type SignInResult<TSession, TMore = never> =
  | { readonly status: 'signedIn'; readonly session: TSession | null }
  | ({ readonly status: 'tokens' } & TokenResponse<TSession>)
  | { readonly status: 'redirect'; readonly url: string }
  | TMore

/** What `signOut` takes. */
export interface SignOutInput {
  /** Ends all of the person's sessions. Needs an adapter that keeps sessions by id; without one, only this session ends. */
  readonly everywhere?: boolean | undefined
  /** The refresh token of a client whose access token may have expired by now. */
  readonly refreshToken?: string | undefined
  /** `'cookie'`: clears the refresh token's cookie too. */
  readonly refresh?: 'cookie' | undefined
}

/** What `signOut` returns. */
export interface SignOutResult {
  readonly signedOut: true
  /**
   * Only if `everywhere` was asked for: whether the person's other sessions have ended too. False without an adapter that can list them, and
   * if the session that asked had ended before.
   */
  readonly everywhere?: boolean
}

/** What `refresh` takes. */
export interface RefreshInput<in out U extends AuthTypes = AuthTypes> {
  /** Default: the one in the cookie. */
  readonly refreshToken?: string | undefined
  /** A patch of declared claims, by the `update` schema: `updateSession` for a client that can't name its refresh token. */
  readonly update?: U['update'] | undefined
}

/** What `updateSession` takes: a patch by the `update` schema, and over a bearer the refresh token too. */
export type UpdateInput<U extends AuthTypes> = U['tokens'] extends false
  ? U['update']
  : U['update'] & { readonly refreshToken?: string | undefined }

/** What `updateSession` returns: the shaped session, or over a bearer a token response. */
export type UpdateResult<U extends AuthTypes> = U['tokens'] extends false
  ? U['shaped'] | null
  : U['shaped'] | TokenResponse<U['shaped']> | null

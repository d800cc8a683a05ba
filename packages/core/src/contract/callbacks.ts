import type { ClientSession } from './session.ts'
import type { Account, Profile, User } from './user.ts'
import type { Awaitable, Immutable, Optional } from '../internal/types.ts'
import type { Token } from './token.ts'

/** What the jwt callback receives: a union on `trigger`, so that `if (user)` means "at sign-in". */
export type JwtParams<TRole extends string = string, TClaims = unknown> =
  | {
      /** `'signUp'` exactly when this flow created the user; never so for `credentials()`. */
      readonly trigger: 'signIn' | 'signUp'
      /** The default claims. Change it or return a new object: what is returned is what is encoded. */
      readonly token: Token<TRole, TClaims>
      /** Who signs in: the store's row, or what the provider returned. */
      readonly user: User & Readonly<Record<string, unknown>>
      /** Through which provider, and as whom there. */
      readonly account: Account
      /** What another service returned about the user, unchanged; null for providers that ask none. */
      readonly profile: Profile | null
      /** Whether this sign-in created the user. */
      readonly isNewUser: boolean
      readonly session: null
      readonly stored: null
    }
  | {
      /** A session is changed by `updateSession`, or renewed. */
      readonly trigger: 'update'
      /** The existing claims, with the patch of `updateSession` already merged in. */
      readonly token: Token<TRole, TClaims>
      readonly user: null
      readonly account: null
      readonly profile: null
      readonly isNewUser: false
      /** The patch of `updateSession`, else null. */
      readonly session: Readonly<Record<string, unknown>> | null
      /** The user's row as just read, if there is an adapter: renew roles from it. */
      readonly stored: (User & Readonly<Record<string, unknown>>) | null
    }

/** What the session callback receives. */
export interface SessionParams<TRole extends string = string, TClaims = unknown> {
  /** The session as clients get it without a callback. */
  readonly session: ClientSession<TRole, TClaims>
  /** Every claim, undeclared ones included. Clients see what you return of it. */
  readonly token: Readonly<Token<TRole, TClaims>>
  /** The session's user: from the token under the jwt strategy, the row under the database strategy. */
  readonly user: User & Readonly<Record<string, unknown>>
}

/** What the signIn callback receives. */
export interface SignInParams {
  /** As the store has them, or as the provider returned them if the store doesn't know them yet: then the id may change. */
  readonly user: User & Readonly<Record<string, unknown>>
  /** Through which provider, and as whom there. */
  readonly account: Account
  /** What another service returned about the user, unchanged; null for providers that ask none. */
  readonly profile: Profile | null
  /** The input of a credentials provider, else null. */
  readonly credentials: Readonly<Record<string, unknown>> | null
}

/** The app's own functions for who signs in, what a token holds and what clients see. Each may be asynchronous. */
export interface Callbacks<TRole extends string, TClaims extends object, TSession, TUpdate> {
  /**
   * Shapes the claims of an encrypted token. Runs at sign-in, on `updateSession`, and when a token older than
   * `session.revalidateAge` is renewed; on no other read. Awaited.
   *
   * Returning null refuses the token; throwing at sign-in fails the sign-in. `sub`, `iat`, `exp`, `jti`, `sessionId`,
   * `authTime` and `amr` are re-applied afterwards. Guard on `user`, not on `trigger === 'signIn'`, which misses brand-new users.
   *
   * @example jwt: async ({ token, user }) => (user ? { ...token, roles: await rolesFor(user.id) } : token)
   */
  readonly jwt?: (
    params: JwtParams<NoInfer<TRole>, NoInfer<TClaims>>,
  ) => Awaitable<Immutable<Token<NoInfer<TRole>, NoInfer<TClaims>>> | null>
  /**
   * Shapes what clients see: runs before a session leaves the server, once per response, and changes neither token nor row.
   * What it returns is what the client gets; null hides the session.
   */
  readonly session?: (
    params: SessionParams<NoInfer<TRole>, { [K in keyof NoInfer<TClaims>]?: NoInfer<TClaims>[K] }>,
  ) => Awaitable<TSession>
  /**
   * Authorises a sign-in. `false` refuses (`AccessDenied`), a string sends them elsewhere (checked by
   * `redirect`). In the token flow, which has no page to send anybody to, a string refuses too.
   *
   * @default everybody whom a provider has verified
   */
  readonly signIn?: (params: SignInParams) => Awaitable<boolean | string>
  /** Chooses the session's identity (`sub`). Runs after the store found or created the user. */
  readonly resolveUser?: (params: {
    readonly user: User & Readonly<Record<string, unknown>>
    readonly account: Account
    readonly isNewUser: boolean
  }) => Awaitable<User>
  /**
   * Decides where a redirect goes. Receives the URL that was asked for, and must return an absolute one.
   *
   * @default a path of `baseUrl`, or a URL on one of the trusted origins; anything else becomes `baseUrl`
   */
  readonly redirect?: (params: { readonly url: string; readonly baseUrl: string }) => Awaitable<string>
  /**
   * Authorises `updateSession`. Runs under both strategies, after the `update` schema and before anything is written. Check here
   * what a schema can't: that the person belongs to the organisation they switch to.
   *
   * `true` takes the patch as it is, declared claims instead of it (the organisation's name beside its id, say); anything else refuses
   * (`AccessDenied`).
   *
   * @default every patch that the schema accepts
   */
  readonly update?: (params: {
    readonly patch: NoInfer<TUpdate>
    readonly user: User
    readonly token: Readonly<Token<NoInfer<TRole>, NoInfer<TClaims>>>
  }) => Awaitable<boolean | Immutable<Optional<NoInfer<TClaims>>>>
}

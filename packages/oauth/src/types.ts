import type { Operation, Plugin, SignedIn } from '@latchkey/core'

/** What `signIn` takes for a provider. */
export interface OAuthSignIn<TId extends string = string> {
  /** Which provider: its id. */
  readonly provider: TId
  /**
   * Where the browser goes once the person has signed in: a path or URL of the app, or of a trusted origin, of 1,500 bytes at most.
   *
   * @default the app's own address
   */
  readonly redirectTo?: string | undefined
  /**
   * Needed in the token flow: the S256 challenge of a verifier that the client keeps (RFC 7636). The browser comes back to `redirectTo` with a
   * `code`, which `oauth.exchange` takes.
   */
  readonly codeChallenge?: string | undefined
  /** Used by `signInWith` of `@latchkey/client`: the name of a sign-in in a window of its own. */
  readonly popup?: string | undefined
}

/** Where the browser goes now. */
export interface OAuthRedirect {
  readonly status: 'redirect'
  readonly url: string
}

/** What `exchange` takes. */
export interface ExchangeInput {
  /** The `code` with which the browser came back. It works once, for a minute. */
  readonly code: string
  /** What `codeChallenge` was made of: 43 to 128 letters, digits and `-._~`. */
  readonly codeVerifier: string
}

/** What clients can ask for: `auth.oauth.*`. */
export interface OAuthOperations<TId extends string = string> {
  /**
   * Begins to link an account at a provider to the person who is signed in. For people who signed in recently. Send the browser to `url`; it
   * comes back to `redirectTo`. A client that keeps tokens sends `codeChallenge`, and then `confirmLink`.
   */
  readonly link: Operation<'mutation', OAuthSignIn<TId>, OAuthRedirect>
  /** Ends what `link` began, in a client that keeps tokens. */
  readonly confirmLink: Operation<'mutation', ExchangeInput, { readonly linked: true }>
  /** Turns the code with which the browser came back into a session, in a client that keeps tokens. */
  readonly exchange: Operation<'mutation', ExchangeInput, SignedIn>
}

/** Whose access to which provider. */
export interface AccessTokenQuery {
  /** The user, as the app's own store knows them. */
  readonly userId: string
  /** The provider's id. */
  readonly provider: string
  /** The user's id at the provider, if they may have linked several accounts there. @default the one that was used last */
  readonly accountId?: string | undefined
}

/** What calls the provider's API for a user. */
export interface ProviderAccess {
  /** Sent as `Authorization: Bearer …`. It never belongs into a browser. */
  readonly accessToken: string
  /** Null: the provider doesn't say. */
  readonly expires: Date | null
  /** What the provider says that it may do; empty if it doesn't say. */
  readonly scopes: readonly string[]
}

/** Functions for the server alone: `auth.accounts.*`. */
export interface OAuthAccounts<TId extends string = string> {
  /**
   * A provider's access token for a user, refreshed if it has expired or will within a minute. Of many calls at once one asks the provider, also
   * in several instances.
   *
   * @throws AuthError `ProviderTokenMissing` if the person has no such account linked, or nothing was kept of it; `ProviderTokenExpired` if
   * the provider wants the person again (send them through `oauth.link`, or a sign-in); `OAuthUnavailable` if it can't be reached
   *
   * @example
   * const { accessToken } = await auth.accounts.accessToken({ userId: ctx.session.user.id, provider: 'google' })
   */
  readonly accessToken: (query: AccessTokenQuery & { readonly provider: TId }) => Promise<ProviderAccess>
}

/** Kinds of error of this plug-in. */
export type OAuthErrorKind = 'OAuthCallbackError' | 'OAuthUnavailable' | 'ProviderTokenExpired' | 'ProviderTokenMissing'

/** The plug-in that `oauth()` makes. */
export interface OAuth<TId extends string = string> extends Plugin<
  'oauth',
  { operations: OAuthOperations<TId>; signIn: OAuthSignIn<TId>; errors: OAuthErrorKind; accounts: OAuthAccounts<TId> }
> {}

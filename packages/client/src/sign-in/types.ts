/** The auth router's part of a tRPC client, as far as a sign-in by another page needs it: `client.auth`. */
export interface AuthClient {
  readonly signIn: { readonly mutate: (input: never) => Promise<unknown> }
  readonly session: {
    readonly query: (input: undefined, options: { readonly context: Record<string, unknown> }) => Promise<unknown>
  }
  /** There if the server has the plug-in `oauth()`. */
  readonly oauth?: { readonly exchange: { readonly mutate: (input: never) => Promise<unknown> } }
}

/** What `signIn` takes, by provider. */
type SignInInput<TAuth extends AuthClient> = Parameters<TAuth['signIn']['mutate']>[0]

/** The ids of the router's providers that lead to another page. */
export type RedirectProvider<TAuth extends AuthClient> = ProviderOf<SignInInput<TAuth>>

/** Distributes over the union: a member that can be asked for a popup is one that leads to another page. */
type ProviderOf<TInput> = TInput extends { readonly provider: infer TId }
  ? 'popup' extends keyof TInput
    ? TId
    : never
  : never

/** What `signIn` returns: told apart by `status`. */
export type SignInOutput<TAuth extends AuthClient> = Awaited<ReturnType<TAuth['signIn']['mutate']>>

/** How {@link signInWith} goes about it. */
export interface SignInWithOptions {
  /**
   * Where the person is taken after a navigation: a path of this page's origin, or a URL of another that the server trusts
   * (`trustedOrigins`). Not used by a popup.
   *
   * @default '/'
   */
  readonly redirectTo?: string
  /**
   * Opens the provider's page in a window of its own, so that this page stays as it is.
   *
   * @default false
   */
  readonly popup?: boolean
}

/** What the sign-in begins with. */
export interface RedirectInput {
  readonly provider: unknown
  readonly redirectTo: string
  /** PKCE (RFC 7636): binds the one-time code with which the sign-in ends to this page, if the session is in tokens. */
  readonly codeChallenge?: string
  /** The popup's id. */
  readonly popup?: string
}

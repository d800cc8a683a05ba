/** What `oauth()` takes besides the providers. */
export interface OAuthOptions {
  /**
   * Whether the tokens of providers are kept, encrypted, for the app's own calls of their APIs: `auth.accounts.accessToken()`.
   *
   * @default true, if the app keeps tables
   */
  readonly storeTokens?: boolean | undefined
  /**
   * The origin whose callback is registered at the providers, for deployments that each have an origin of their own. It runs the same app with
   * the same secret, lists their origins in `trustedOrigins`, and forwards callbacks to them.
   *
   * @default `baseUrl`'s origin: each deployment is registered itself
   * @example 'https://auth.example.com'
   */
  readonly callbackOrigin?: string | undefined
}

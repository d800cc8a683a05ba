export { oauth } from './plugin.ts'
export type { AccessTokenQuery, OAuthAccounts, ProviderAccess } from './types.ts'
export type { OAuthOptions } from './options.ts'
export type { ExchangeInput, OAuth, OAuthErrorKind, OAuthOperations, OAuthRedirect, OAuthSignIn } from './types.ts'
export { oauth2, oidc } from './provider.ts'
export type {
  ClientAuth,
  ClientSecret,
  OAuth2Options,
  OAuth2Provider,
  OAuthProvider,
  OidcOptions,
  OidcProvider,
  ProfileContext,
  ProviderEndpoints,
  ProviderOptions,
  ProviderPerson,
  ProviderProfile,
  ProviderQuirks,
  ProviderTokens,
  UserinfoContext,
  UserinfoRequest,
} from './provider.ts'

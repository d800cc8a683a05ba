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

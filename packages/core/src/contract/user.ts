/** Who signed in, as a provider or the store knows them. Further fields are the app's own. */
export interface User {
  /** The key of their row: `sub` of their tokens. */
  readonly id: string
  /** The person's name. */
  readonly name?: string | null | undefined
  /** The person's address. */
  readonly email?: string | null | undefined
  /** The URL of a picture. */
  readonly image?: string | null | undefined
}

/** A user with every other field that the app or the store keeps of them. */
export type AnyUser = User & Readonly<Record<string, unknown>>

/** The kinds of ways to sign in, as Auth.js calls them. */
export type ProviderType = 'credentials' | 'oauth' | 'oidc' | 'email' | 'webauthn'

/** How the user signed in: which provider, and their id there. */
export interface Account {
  /** The provider's id. */
  readonly provider: string
  /** What kind of way it is. */
  readonly type: ProviderType
  /** The user's id at the provider. */
  readonly providerAccountId: string
  readonly [field: string]: unknown
}

/** What another service says of a user. */
export type Profile = Readonly<Record<string, unknown>>

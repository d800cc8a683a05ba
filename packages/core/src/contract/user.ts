/** Who signed in, as a provider or the store knows them. Further fields are the app's own. */
export interface User {
  readonly id: string
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly image?: string | null | undefined
}

/** A user with every other field that the app or the store keeps of them. */
export type AnyUser = User & Readonly<Record<string, unknown>>

/** The kinds of ways to sign in, as Auth.js calls them. */
export type ProviderType = 'credentials' | 'oauth' | 'oidc' | 'email' | 'webauthn'

/** How the user signed in: which provider, and their id there. */
export interface Account {
  readonly provider: string
  readonly type: ProviderType
  readonly providerAccountId: string
  readonly [field: string]: unknown
}

/** What another service says of a user. */
export type Profile = Readonly<Record<string, unknown>>

import type { ClientSecret, OidcProvider, ProfileContext, ProviderPerson } from '../provider.ts'
import { type AppleKey, createAppleSecret } from './apple-secret.ts'
import { isTrue, type StandardClaims } from './claims.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What Apple's id_token says of a person. */
export interface AppleProfile extends Omit<StandardClaims, 'name' | 'picture'> {
  /** Whether the address is a relay's (`@privaterelay.appleid.com`), which forwards the mail of this app's registered senders only. */
  readonly is_private_email?: boolean | 'true' | 'false'
}

/** What {@link apple} takes. */
export interface AppleOptions<TId extends string> extends Omit<OidcPresetOptions<TId, AppleProfile>, 'clientSecret'> {
  /** The id of the Services ID: `com.example.web`. */
  readonly clientId: string
  /** The key that client secrets are signed with, or a secret that is made elsewhere: a JWT that ends after six months at most. */
  readonly clientSecret: AppleKey | ClientSecret
}

/**
 * Sign in with Apple.
 *
 * - Register: Apple Developer account, "Certificates, Identifiers & Profiles": an App ID with "Sign in with Apple", a Services ID for the web
 *   (its identifier is the `clientId`), and a key. Return URL: `/auth/callback/apple`. Apple takes https addresses only, and not localhost.
 * - Scopes: `name email`.
 * - Verified e-mail: yes. Apple checks an address, and a relay's works. People may choose a relay address for this app: it isn't their own, so it
 *   matches no user who is here already, and it forwards mail only of senders that are registered with Apple.
 * - The name comes once, when a person agrees for the first time, beside the token and unsigned: it becomes the new user's name, and Apple
 *   never sends it again. Apple has no picture.
 * - The client secret is a JWT that is signed with a key. It is made for each request, so nothing has to be renewed twice a year.
 * - The callback is a POST of Apple's page (`form_post`).
 *
 * @example
 * apple({
 *   clientId: 'com.example.web',
 *   clientSecret: { teamId: 'A1B2C3D4E5', keyId: 'F6G7H8I9J0', privateKey: process.env.APPLE_KEY! },
 * })
 * @throws TypeError if the private key isn't the text of the .p8 file
 */
export function apple<const TId extends string = 'apple'>(options: AppleOptions<TId>): OidcProvider<TId> {
  const { clientSecret: secret, ...rest } = options
  const isMade = typeof secret !== 'object'
  const clientSecret = isMade
    ? secret
    : createAppleSecret(secret, { clientId: options.clientId, audience: APPLE.issuer })
  return oidcPreset({ ...APPLE, profile: toPerson }, { ...rest, clientSecret })
}

const APPLE = {
  id: 'apple',
  name: 'Apple',
  issuer: 'https://appleid.apple.com',
  scope: 'name email',
  // Required by Apple as soon as any scope is asked for.
  responseMode: 'form_post',
  clientAuth: 'client_secret_post',
  trustEmail: true,
  // Apple has no userinfo endpoint.
  userinfo: 'never',
  // Apple documents no PKCE. The nonce binds the code to the browser.
  quirks: { noPkce: true },
} as const

function toPerson({ email, email_verified }: AppleProfile, { callback }: ProfileContext): ProviderPerson {
  return { name: readName(callback.user), email, emailVerified: isTrue(email_verified), image: null }
}

/** The name in the callback's `user`: JSON that came through the browser. Nothing else of it is used, the address least of all. */
function readName(user: string | undefined): string | null {
  try {
    const { name }: { readonly name?: unknown } = Object(JSON.parse(user ?? 'null'))
    const { firstName, lastName }: { readonly firstName?: unknown; readonly lastName?: unknown } = Object(name)
    return [firstName, lastName].filter((part) => typeof part === 'string' && part).join(' ') || null
  } catch {
    return null
  }
}

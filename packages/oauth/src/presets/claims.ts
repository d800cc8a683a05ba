import type { ProviderPerson } from '../provider.ts'

/** The claims of OpenID Connect that the presets read (OpenID Connect Core section 5.1). */
export interface StandardClaims {
  readonly sub: string
  readonly name?: string
  readonly email?: string
  readonly email_verified?: boolean | 'true' | 'false'
  readonly picture?: string
}

/** Whom the standard claims describe. */
export function toPerson({ name, email, email_verified, picture }: StandardClaims): ProviderPerson {
  return { name, email, emailVerified: isTrue(email_verified), image: picture }
}

/** A claim that is a boolean in the standard, and in some providers' tokens the word for it (Apple) or a number (Microsoft). */
export function isTrue(claim: unknown): boolean {
  return claim === true || claim === 'true' || claim === 1 || claim === '1'
}

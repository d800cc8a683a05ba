import type { Schema } from '@latchkey/core'
import { maxLength, minLength, object, optional, regex, string } from 'zod/mini'
import type { ExchangeInput, OAuthSignIn } from './types.ts'

const shape = {
  redirectTo: optional(string().check(minLength(1), maxLength(1_500))),
  codeChallenge: optional(string().check(regex(/^[\w-]{43}$/))),
  popup: optional(string().check(regex(/^[\w-]{22,64}$/))),
}

/** What `signIn` takes besides the provider. */
export const signInInput: Schema<Omit<OAuthSignIn, 'provider'>, Omit<OAuthSignIn, 'provider'>> = object(shape)

/** What `link` takes. */
export const linkInput: Schema<OAuthSignIn, OAuthSignIn> = object({
  provider: string().check(maxLength(64)),
  ...shape,
})

/** RFC 7636 section 4.1. */
const verifier = string().check(regex(/^[\w.~-]{43,128}$/))

export const exchangeInput: Schema<ExchangeInput, ExchangeInput> = object({
  code: string().check(minLength(1), maxLength(200)),
  codeVerifier: verifier,
})

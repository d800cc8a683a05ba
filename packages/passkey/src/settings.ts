import { configurationError } from '@latchkey/core'
import type { PasskeyOptions } from './options.ts'
import type { UserVerification } from './web-authn.ts'

/** The options, checked, with every default in place. Null: it follows from `baseUrl`. */
export interface Settings {
  readonly rpId: string | null
  readonly rpName: string | null
  readonly origins: ReadonlySet<string>
  readonly userVerification: UserVerification
  readonly maxPerUser: number
}

/** Browsers take more, but some security keys don't. */
const MAX_PER_USER = 64

/** @throws AuthError `Configuration`, naming the option and the fix */
export function readSettings(options: PasskeyOptions): Settings {
  const { rpId = null, rpName = null, origins = [], userVerification = 'preferred', maxPerUser = 10 } = options
  if (rpId !== null && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(rpId))
    throw configurationError('passkey.rpId', `write a domain in lower case, without scheme and port: 'example.com'`)
  if (
    !Array.isArray(origins) ||
    !origins.every((origin) => typeof origin === 'string' && /^[\w.+-]+:\S+$/.test(origin))
  )
    throw configurationError('passkey.origins', `write a list of origins: ['android:apk-key-hash:…']`)
  if (!VERIFICATIONS.has(userVerification))
    throw configurationError('passkey.userVerification', `choose one of ${[...VERIFICATIONS].join(', ')}`)
  if (!Number.isInteger(maxPerUser) || maxPerUser < 1 || maxPerUser > MAX_PER_USER)
    throw configurationError('passkey.maxPerUser', `write a whole number from 1 to ${MAX_PER_USER}`)
  return { rpId, rpName, origins: new Set(origins), userVerification, maxPerUser }
}

const VERIFICATIONS: ReadonlySet<string> = new Set([
  'required',
  'preferred',
  'discouraged',
] satisfies UserVerification[])

import { toBase64Url } from '../base64url.ts'
import type { ClientSecret } from '../provider.ts'

/** The key that Apple's client secrets are signed with. */
export interface AppleKey {
  /** The team's id, ten characters: Apple Developer account, "Membership details". */
  readonly teamId: string
  /** The key's id, ten characters. */
  readonly keyId: string
  /** The text of the .p8 file. Line breaks may be written `\n`, as in environment variables. */
  readonly privateKey: string
}

/** What a client secret is for. */
interface Purpose {
  readonly clientId: string
  readonly audience: string
}

/** How long a secret is valid, in seconds. Apple takes up to six months; it is used at once. */
const LIFETIME = 300

/**
 * Makes Apple's client secrets: JWTs signed with ES256 (RFC 7519, RFC 7518 section 3.4).
 *
 * @throws TypeError if the private key is not a PEM text
 */
export function createAppleSecret(key: AppleKey, { clientId, audience }: Purpose): ClientSecret {
  const bytes = readPem(key.privateKey)
  let imported: Promise<CryptoKey> | undefined
  return async ({ now }) => {
    imported ??= crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign'])
    const iat = Math.floor(now.getTime() / 1_000)
    const claims = { iss: key.teamId, iat, exp: iat + LIFETIME, aud: audience, sub: clientId }
    const text = `${encode({ alg: 'ES256', kid: key.keyId, typ: 'JWT' })}.${encode(claims)}`
    const signature = await crypto.subtle.sign(ALGORITHM, await imported, new TextEncoder().encode(text))
    return `${text}.${toBase64Url(new Uint8Array(signature))}`
  }
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** The bytes of a PEM text (RFC 7468). */
function readPem(text: string): Uint8Array<ArrayBuffer> {
  const body = /-----BEGIN PRIVATE KEY-----([\sA-Za-z\d+/=]+)-----END PRIVATE KEY-----/.exec(
    text.replaceAll('\\n', '\n'),
  )
  if (!body?.[1])
    throw new TypeError('privateKey must be the text of the .p8 file, from -----BEGIN PRIVATE KEY----- on')
  return Uint8Array.from(atob(body[1].replaceAll(/\s/g, '')), (character) => character.charCodeAt(0))
}

function encode(value: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(value)))
}

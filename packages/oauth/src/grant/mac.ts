import { fromBase64Url } from '../base64url.ts'
import type { Server } from '../server/server.ts'

/**
 * Verifies an id_token that is signed with the client secret (OpenID Connect Core section 3.1.3.7). Only if the provider's entry says
 * `idTokenAlg: 'HS256'`: otherwise whoever knows a public key could sign with it.
 *
 * @throws Error
 */
export async function verifyMac({ provider }: Server, idToken: string | undefined): Promise<void> {
  const { clientSecret } = provider
  if (typeof clientSecret !== 'string') throw new Error('an id_token with HS256 needs a client secret that is a text')
  const [, signed, signature] = /^([\w-]+\.[\w-]+)\.([\w-]+)$/.exec(idToken ?? '') ?? []
  if (signed === undefined || signature === undefined) throw new Error('the id_token is not a JWS')
  const key = await crypto.subtle.importKey('raw', encode(clientSecret), ALGORITHM, false, ['verify'])
  const isRight = await crypto.subtle.verify(ALGORITHM.name, key, fromBase64Url(signature), encode(signed))
  if (!isRight) throw new Error('the id_token has another signature')
}

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' }

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

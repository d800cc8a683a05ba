import { isoBase64URL } from '@simplewebauthn/server/helpers'

/** 256 random bits in base64url. */
export function createRandom(): string {
  return isoBase64URL.fromBuffer(crypto.getRandomValues(new Uint8Array(32)))
}

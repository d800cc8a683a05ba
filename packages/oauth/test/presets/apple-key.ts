import { generateKeyPairSync } from 'node:crypto'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Checks what Apple's key has signed. */
export { publicKey as applePublicKey }

/** A key as one downloads it at Apple, with line breaks as environment variables have them. */
export const APPLE_KEY = {
  teamId: 'A1B2C3D4E5',
  keyId: 'F6G7H8I9J0',
  privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })).replaceAll('\n', '\\n'),
}

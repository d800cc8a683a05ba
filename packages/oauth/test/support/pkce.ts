import { createHash, randomBytes } from 'node:crypto'

/** A verifier and its S256 challenge (RFC 7636), as a native client makes them. */
export async function createPkce(): Promise<{ readonly codeVerifier: string; readonly codeChallenge: string }> {
  const codeVerifier = randomBytes(32).toString('base64url')
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') }
}

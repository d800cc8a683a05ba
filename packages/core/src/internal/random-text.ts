import { randomBytes, toBase64Url } from './bytes.ts'

/**
 * Random bytes in base64url without padding: for tokens, challenges, one-time codes that nobody types.
 *
 * @param bytes the default, 256 bits, is what nobody guesses, and has 43 letters
 *
 * @example const token = createRandomText()
 */
export function createRandomText(bytes: number = 32): string {
  return toBase64Url(randomBytes(bytes))
}

import { randomBytes } from 'node:crypto'

/** How many random bytes: 44 letters in base64, without padding. */
const LENGTH = 33

/** A new value for `AUTH_SECRET`. */
export function createSecret(): string {
  return randomBytes(LENGTH).toString('base64')
}

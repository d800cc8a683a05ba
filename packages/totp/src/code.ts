import { Secret, TOTP } from 'otpauth'

/** What every authenticator app can do: SHA-1, six digits, 30 seconds (RFC 6238). Some ignore anything else that the URI says. */
const ALGORITHM = 'SHA1'
const DIGITS = 6
/** Seconds. */
const PERIOD = 30
/** How many steps a clock may be ahead or behind (RFC 6238 section 5.2). */
const WINDOW = 1
/** 160 bits, the length of the hash (RFC 4226 section 4). */
const SECRET_BYTES = 20

/** A new secret in base32. */
export function createSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** What authenticator apps read from a QR code. */
export function toUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ issuer, label, secret, algorithm: ALGORITHM, digits: DIGITS, period: PERIOD }).toString()
}

/**
 * The time step whose code this is: the current one, the one before or the next, if it is after `lastStep`; else null. It always takes the same
 * time: every step is computed, and every digit compared.
 */
export function findStep(secret: string, code: string, now: Date, lastStep: number): number | null {
  const current = Math.floor(now.getTime() / 1_000 / PERIOD)
  const given = code.replaceAll(' ', '').padEnd(DIGITS)
  let found: number | null = null
  for (let step = current + WINDOW; step >= current - WINDOW; step--) {
    const isCode = isSame(given, codeOf(secret, step))
    if (isCode && step > lastStep) found = step
  }
  return found
}

function codeOf(secret: string, step: number): string {
  const options = { algorithm: ALGORITHM, digits: DIGITS, period: PERIOD, timestamp: step * PERIOD * 1_000 }
  return TOTP.generate({ secret: Secret.fromBase32(secret), ...options })
}

/** Compares every digit, whichever is the first that differs. */
function isSame(given: string, code: string): boolean {
  let difference = given.length ^ code.length
  for (let index = 0; index < code.length; index++) difference |= given.charCodeAt(index) ^ code.charCodeAt(index)
  return difference === 0
}

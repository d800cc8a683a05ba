import type { Passwords } from './passwords.ts'

/** Milliseconds: refusals come at a multiple of it. */
const STEP = 250
/** Milliseconds: no refusal is delayed beyond it. */
const MOST = 2_000

/**
 * Lets every refusal take as long as the slowest check so far, rounded up. Old kinds of hashes take another time to check than the hasher's own,
 * so a refusal would tell which accounts have one, and that they exist.
 */
export function withEvenTime(check: Passwords['check']): Passwords['check'] {
  let slowest = STEP
  return async (stored, password) => {
    const result = await check(stored, password)
    slowest = Math.min(MOST, Math.max(slowest, result.took))
    const rest = Math.ceil(slowest / STEP) * STEP - result.took
    if (!result.isRight && rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    return result
  }
}

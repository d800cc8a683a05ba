import type { AttemptCounter, AttemptRule, CountedAttempt } from '../contract/limits.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'

/** The counts of an attempt that may go on. */
export interface Admission {
  /** Taken back after a success: they are about more than this one account. */
  readonly undone: readonly CountedAttempt[]
  /** Cleared after a success. */
  readonly cleared: readonly CountedAttempt[]
}

export const UNLIMITED: Admission = { undone: [], cleared: [] }

/** @throws AuthError `RateLimited` */
export async function requireCount(
  counter: AttemptCounter,
  key: string,
  rule: AttemptRule,
  now: Date,
): Promise<CountedAttempt> {
  const attempt = await counter.consume(key, rule, now)
  if (!attempt.allowed) throw new AuthError('RateLimited', { retryAfter: attempt.retryAfter })
  return attempt
}

/**
 * Runs the check. The counts stay if it refuses, and all of them are taken back after a failure of the server.
 *
 * @throws AuthError `CredentialsSignin` if the check returned null, and whatever it throws
 */
export async function runAdmitted<T extends object>(
  { undone, cleared }: Admission,
  check: () => Awaitable<T | null>,
): Promise<T> {
  const found = await undoIfItBreaks([...undone, ...cleared], check)
  if (!found) throw new AuthError('CredentialsSignin')
  await Promise.all([...undone.map(async ({ undo }) => undo()), ...cleared.map(async ({ clear }) => clear())])
  return found
}

async function undoIfItBreaks<T>(counted: readonly CountedAttempt[], check: () => Awaitable<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!isRefusal(error)) await Promise.all(counted.map(async ({ undo }) => undo()))
    throw error
  }
}

/** A check may refuse by throwing an AuthError of its own; that is a guess, too. `RateLimited` is not: nothing was compared. */
function isRefusal(error: unknown): boolean {
  return isAuthError(error) && error.status < 500 && error.kind !== 'RateLimited'
}

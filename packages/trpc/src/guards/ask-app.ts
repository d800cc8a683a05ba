import { AuthError, isAuthError, type AuthFeatures } from '@latchkey/core'
import { isTRPCError } from '../errors.ts'
import { isThenable } from './is-thenable.ts'

/** Milliseconds after which a check that hasn't answered denies. */
const DEADLINE = 5_000

/**
 * Asks a check of the app's own. Whatever isn't `true` denies: the client gets the fixed message, the log gets the cause.
 *
 * @throws AuthError `AccessDenied`, or the `AuthError` or `TRPCError` that the check threw
 */
export async function askApp(what: string, check: () => unknown, logger: AuthFeatures['logger']): Promise<void> {
  let answer: unknown
  try {
    answer = await inTime(check())
  } catch (cause) {
    if (isAuthError(cause) || isTRPCError(cause)) throw cause
    throw deny(what, cause, logger)
  }
  if (answer === true) return
  if (answer === false) throw new AuthError('AccessDenied')
  throw deny(what, new Error('it must answer true or false'), logger)
}

/** Waits for a result until the deadline. One that is there already needs no timer. */
async function inTime(answer: unknown): Promise<unknown> {
  if (!isThenable(answer)) return answer
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE} ms`)), DEADLINE)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function deny(what: string, cause: unknown, logger: AuthFeatures['logger']): AuthError {
  logger.error(`${what} failed, and the call was denied`, cause)
  return new AuthError('AccessDenied', { cause })
}

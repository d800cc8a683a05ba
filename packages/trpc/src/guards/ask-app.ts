import { AuthError, isAuthError, type AuthFeatures } from '@latchkey/core'
import { isTRPCError } from '../errors.ts'

/** Milliseconds after which a check that hasn't answered denies. */
const DEADLINE = 5_000

/**
 * Asks a check of the app's own. Whatever isn't a clear yes denies: the fixed message goes to the client, what really
 * happened to the log.
 *
 * @throws AuthError `AccessDenied`, or the `AuthError` or `TRPCError` that the check threw
 */
export async function askApp(what: string, check: () => unknown, logger: AuthFeatures['logger']): Promise<void> {
  const verdict = await answerInTime(check).catch((cause: unknown) => {
    if (isAuthError(cause) || isTRPCError(cause)) throw cause
    throw deny(what, cause, logger)
  })
  if (verdict === true) return
  if (verdict === false) throw new AuthError('AccessDenied')
  throw deny(what, new Error('it must answer true or false'), logger)
}

async function answerInTime(check: () => unknown): Promise<unknown> {
  const answer = check()
  if (!(answer instanceof Object && 'then' in answer)) return answer
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE} ms`)), DEADLINE)
  })
  try {
    return await Promise.race([Promise.resolve(answer), late])
  } finally {
    clearTimeout(timer)
  }
}

function deny(what: string, cause: unknown, logger: AuthFeatures['logger']): AuthError {
  logger.error(`${what} failed, and the call was denied`, cause)
  return new AuthError('AccessDenied', { cause })
}

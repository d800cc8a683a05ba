import { AuthError } from '@latchkey/core'
import type { AuthRouterContext } from '../context/create.ts'
import { isRequestAuth } from '../context/request-auth.ts'
import { isTRPCError } from '../errors.ts'

/**
 * Makes what reads a call's input. A call without input has no body over `httpLink`, which tRPC takes for broken JSON. What is broken really
 * gets a kind: an input that isn't JSON is refused like every other one.
 */
export function createInputReader(
  { auth }: AuthRouterContext,
  getRawInput: () => Promise<unknown>,
): () => Promise<unknown> {
  return async () => {
    try {
      return await getRawInput()
    } catch (cause) {
      if (isRequestAuth(auth) && !auth.hasBody) return undefined
      // A limit of the app's own adapter, say, has its own code.
      const isBroken = !isTRPCError(cause) || cause.code === 'PARSE_ERROR' || cause.code === 'BAD_REQUEST'
      throw isBroken ? new AuthError('InvalidInput', { cause }) : cause
    }
  }
}

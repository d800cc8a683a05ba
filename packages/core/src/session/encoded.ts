import { AuthError } from '../errors.ts'
import { throughJson } from '../internal/json.ts'
import type { AnyToken } from '../contract/token.ts'

/** The claims as they will be read back: this response shows the session that the next request will read. */
export function toEncoded(token: AnyToken): AnyToken {
  try {
    return throughJson(token) as AnyToken // its required members are strings and numbers, which JSON carries
  } catch (cause) {
    throw new AuthError('CallbackRouteError', { cause }) // a cycle or a BigInt, put there by the jwt callback
  }
}

import type { AuthRouterContext } from './create.ts'
import { isRequestAuth } from './request-auth.ts'

/**
 * Starts to read a call's input before anything is waited for, if the response is streamed: the look-up of a session waits for WebCrypto or
 * a store, and meanwhile the response is returned and the body may be gone. tRPC keeps what was read, errors too, for the next read.
 * Of another site's request nothing is read.
 */
export function readInputEarly({
  ctx,
  getRawInput,
}: {
  readonly ctx: AuthRouterContext
  readonly getRawInput: () => Promise<unknown>
}): void {
  const auth = ctx?.auth
  if (!isRequestAuth(auth) || !auth.losesBody) return
  try {
    auth.checkOrigin()
  } catch {
    return // the guard refuses it, with this error
  }
  getRawInput().catch(() => {})
}

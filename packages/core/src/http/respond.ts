import type { Engine } from '../config/engine.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { FetchSink } from './sink.ts'

export function jsonResponse(status: number, body: unknown, sink: FetchSink): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
  const text = JSON.stringify(body ?? null)
  sink.applyTo(headers)
  return new Response(text, { status, headers })
}

/** The response for an error: kind, tRPC's code and fixed message for the client, the cause for the log. */
export function errorResponse({ logFailure }: Pick<Engine, 'logFailure'>, error: unknown, sink: FetchSink): Response {
  logFailure(error)
  const {
    kind,
    code,
    status,
    publicMessage: message,
    retryAfter,
    fields,
    stepUp,
  } = isAuthError(error) ? error : new AuthError('CallbackRouteError', { cause: error })
  sink.noStore()
  // JSON leaves out what is undefined.
  const response = jsonResponse(status, { error: { kind, code, message, retryAfter, fields, ...stepUp } }, sink)
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  return response
}

import { AuthError, isAuthError } from '../errors.ts'
import type { Logger } from '../options.ts'
import type { FetchSink } from './sink.ts'

export function jsonResponse(status: number, body: unknown, sink: FetchSink): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
  const text = JSON.stringify(body ?? null)
  sink.applyTo(headers)
  return new Response(text, { status, headers })
}

/** The answer for what went wrong: kind, tRPC's code and fixed message for the client, the cause for the log. */
export function errorResponse(logger: Logger, error: unknown, sink: FetchSink): Response {
  if (!isAuthError(error) || error.status >= 500) logger.error('auth.handler failed', error)
  const {
    kind,
    code,
    status,
    publicMessage: message,
    retryAfter,
    fields,
  } = isAuthError(error) ? error : new AuthError('CallbackRouteError', { cause: error })
  sink.noStore()
  const response = jsonResponse(
    status,
    { error: { kind, code, message, ...(retryAfter !== undefined && { retryAfter }), ...(fields && { fields }) } },
    sink,
  )
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  return response
}

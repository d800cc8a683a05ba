import type { TokenResponse } from '@latchkey/core'
import { type getFetch, TRPCClientError } from '@trpc/client'
import { type SendOperation, toMutation } from '../send.ts'
import type { Exchange } from './keeper.ts'

/** Swaps the refresh token through `auth.token`. */
export function exchangeByMutation(send: SendOperation, path: string): Exchange {
  return (tokens) => send(toMutation(path, { refreshToken: tokens?.refreshToken })) as Promise<TokenResponse<unknown>> // what the procedure returns
}

/** Lets the browser send its HttpOnly cookie to the endpoint that takes it. With a patch, `updateSession` over the same way. */
export async function exchangeByCookie(
  { url, fetch, timeout }: CookieExchange,
  patch?: unknown,
): Promise<TokenResponse<unknown>> {
  return withTimeout(timeout, async (signal) => {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(patch === undefined ? {} : { update: patch }),
      signal,
    })
    const body: unknown = await response.json()
    if (!response.ok) throw toError(response, body)
    return body as TokenResponse<unknown> // what the endpoint answers
  })
}

/** Where and how the cookie's endpoint is reached. */
export interface CookieExchange {
  readonly url: string
  readonly fetch: ReturnType<typeof getFetch>
  readonly timeout: number
}

/** The endpoint's error as a link's error, with the fields that `authErrorFormatter` would have given it. */
function toError(response: object, body: unknown): Error {
  const { status: httpStatus }: { readonly status?: number } = response
  const { error }: { readonly error?: unknown } = Object(body)
  const { message = '', ...data }: { readonly message?: string } = Object(error)
  return TRPCClientError.from({ error: { code: -32603, message, data: { ...data, httpStatus } } })
}

/** The same, with the time that each operation may take. */
export function sendWithin(timeout: number, send: SendOperation): SendOperation {
  return (op) => withTimeout(timeout, (signal) => send({ ...op, signal }), op.signal)
}

/**
 * An answer that never comes must not keep every operation waiting, in this tab or another.
 *
 * @param outer the caller's own signal (`AbortSignal.any` does not exist on every device)
 */
async function withTimeout<T>(
  milliseconds: number,
  run: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal | null,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, milliseconds)
  outer?.addEventListener('abort', abort)
  if (outer?.aborted) abort()
  try {
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', abort)
  }
}

import type { TokenResponse } from '@latchkey/core'
import { type getFetch, TRPCClientError } from '@trpc/client'
import type { SendOperation } from '../link/send.ts'
import type { Exchange } from './keeper.ts'

/** Swaps the refresh token through `auth.token`. */
export function exchangeByMutation(send: SendOperation, path: string, timeout: number): Exchange {
  return (tokens) =>
    withTimeout(timeout, (signal) => {
      const input = { refreshToken: tokens?.refreshToken }
      return send({ id: 0, type: 'mutation', path: `${path}.token`, input, context: {}, signal })
    }) as Promise<TokenResponse<unknown>> // what the procedure of this name answers
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
    const error = readError(body)
    if (error) throw error
    return body as TokenResponse<unknown> // what the endpoint answers where it answers no error
  })
}

/** Where and how the cookie's endpoint is reached. */
export interface CookieExchange {
  readonly url: string
  readonly fetch: ReturnType<typeof getFetch>
  readonly timeout: number
}

/** The endpoint's error as a link's error, with its kind where `authErrorFormatter` would have put it. */
function readError(body: unknown): Error | null {
  if (typeof body === 'object' && body !== null && 'accessToken' in body) return null
  const found = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  const { kind, message = 'The token endpoint did not answer a token.' }: { kind?: string; message?: string } =
    Object(found)
  return TRPCClientError.from({ error: { code: -32001, message, data: { code: 'UNAUTHORIZED', kind } } })
}

/** An answer that never comes must not keep every operation waiting. */
async function withTimeout<T>(milliseconds: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  try {
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}

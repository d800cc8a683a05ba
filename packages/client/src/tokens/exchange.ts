import { getFetch, TRPCClientError } from '@trpc/client'
import type { SendOperation } from '../send.ts'

/** What the endpoint is reached with. */
export interface EndpointOptions {
  readonly url: string | URL
  readonly fetch?: Parameters<typeof getFetch>[0]
}

/**
 * Sends an operation's input to the endpoint that takes the refresh token from its HttpOnly cookie.
 *
 * @param tokenUrl a path is one of the origin of tRPC's own URL
 */
export function sendToEndpoint({ url, fetch }: EndpointOptions, tokenUrl: string): SendOperation {
  // It always matches: nothing, if the URL is a path.
  const [origin] = /^([a-z]+:\/\/[^/]+)?/i.exec(url.toString()) as unknown as readonly [string]
  return async ({ input, signal }) => {
    const response = await getFetch(fetch)(tokenUrl.startsWith('/') ? origin + tokenUrl : tokenUrl, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal: signal as AbortSignal, // sendWithin sets it
    })
    const body: unknown = await response.json()
    if (response.ok) return body
    // As a link's error, with the fields that `authErrorFormatter` would have given it.
    // tRPC's own type of a response doesn't say so.
    const { status: httpStatus } = response as unknown as { readonly status: number }
    const { error }: { readonly error?: object } = Object(body)
    throw TRPCClientError.from({ error: { message: '', ...error, code: -32603, data: { ...error, httpStatus } } })
  }
}

/** Sends, and after `timeout` milliseconds aborts: a response that never comes must not keep every operation waiting, in this tab or another. */
export function sendWithin(timeout: number, send: SendOperation): SendOperation {
  return async (op) => {
    // `AbortSignal.any` and `AbortSignal.timeout` don't exist on every device.
    const controller = new AbortController()
    const abort = () => controller.abort()
    const timer = setTimeout(abort, timeout)
    op.signal?.addEventListener('abort', abort)
    if (op.signal?.aborted) abort()
    try {
      return await send({ ...op, signal: controller.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

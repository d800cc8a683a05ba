import { isLoopback } from '@latchkey/core'

/** What a request to a provider may have. */
export interface FetchInit {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}

/** Fetches from a provider, within limits of time and size. Rejects for a redirect. */
export type LimitedFetch = (url: string, init?: FetchInit) => Promise<Response>

/** Milliseconds, from the request to the last byte: a sign-in that meets a slow provider fails within five seconds. */
const TIME_LIMIT = 4_000
/** Bytes of a body. */
const SIZE_LIMIT = 1_048_576

/**
 * Makes the only way in which this package reaches a provider.
 *
 * @param send what sends a request, if the provider needs something else than the platform's `fetch`
 * @param allowsLoopback whether http is allowed, on this machine: for a provider that is configured so, in development
 */
export function createFetch(allowsLoopback: boolean, send: typeof fetch = fetch): LimitedFetch {
  return async (url, { method = 'GET', headers, body } = {}) => {
    requireSafe(new URL(url), allowsLoopback)
    const signal = AbortSignal.timeout(TIME_LIMIT)
    const response = await send(url, {
      method,
      redirect: 'manual',
      signal,
      ...(headers && { headers }),
      ...(body !== undefined && body !== null && { body: body as NonNullable<RequestInit['body']> }), // text or a form, from our own code
    })
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel()
      throw new Error(`${describe(url)} answers with a redirect, which isn't followed`)
    }
    const read = await readBody(response, signal, url)
    const isEmpty = response.status === 204 || response.status === 205
    return new Response(isEmpty ? null : read, { status: response.status, headers: withoutEncoding(response.headers) })
  }
}

function requireSafe(url: URL, allowsLoopback: boolean): void {
  if (url.protocol === 'https:') return
  if (url.protocol === 'http:' && allowsLoopback && isLoopback(url.hostname)) return
  throw new Error(`${describe(url.href)} isn't https`)
}

async function readBody({ body }: Response, signal: AbortSignal, url: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return null
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      // Some runtimes abort the request and not the body.
      signal.throwIfAborted()
      size += step.value.byteLength
      if (size > SIZE_LIMIT) throw new Error(`${describe(url)} answers with more than ${SIZE_LIMIT} bytes`)
      chunks.push(step.value)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  return join(chunks, size)
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.byteLength
  }
  return all
}

/** The body was decoded. */
function withoutEncoding(headers: Headers): Headers {
  const copy = new Headers(headers)
  copy.delete('content-encoding')
  copy.delete('content-length')
  return copy
}

/** An address without its parameters, which may hold a secret. */
function describe(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client'
import type { AppRouter } from './app.ts'
import { ORIGIN } from './app.ts'

export type LinkName = 'httpLink' | 'httpBatchLink' | 'httpBatchStreamLink'
export const LINKS: readonly LinkName[] = ['httpLink', 'httpBatchLink', 'httpBatchStreamLink']

/** What a browser does of interest here: keeps cookies, sends its origin, and remembers the answers. */
export interface Browser {
  readonly cookies: Map<string, string>
  /** The cookies by which a device is known again, kept apart: they outlive sessions, and have tests of their own in core. */
  readonly device: Map<string, string>
  readonly responses: Response[]
  /** Takes what `fetch` takes, and what tRPC's links hand to theirs. */
  readonly fetch: (input: string | URL | { readonly url: string }, init?: object) => Promise<Response>
  /** A client over one link; every call of one tick shares a request if the link batches. */
  readonly client: (link?: LinkName) => TRPCClient<AppRouter>
}

export function openBrowser(url: string, origin: string = ORIGIN): Browser {
  const cookies = new Map<string, string>()
  const device = new Map<string, string>()
  const responses: Response[] = []
  const send = async (input: string | URL | { readonly url: string }, options: object = {}) => {
    const init: RequestInit = options
    const headers = new Headers(init.headers)
    const sent = [...cookies, ...device]
    if (sent.length > 0 && !headers.has('cookie'))
      headers.set('cookie', sent.map(([name, value]) => `${name}=${value}`).join('; '))
    if (!headers.has('origin')) headers.set('origin', origin)
    const response = await fetch(typeof input === 'object' && 'url' in input ? input.url : input, { ...init, headers })
    for (const header of response.headers.getSetCookie())
      store(header.includes('latchkey.device=') ? device : cookies, header)
    responses.push(response)
    return response
  }
  return {
    cookies,
    device,
    responses,
    fetch: send,
    client: (link = 'httpLink') => {
      const make = { httpLink, httpBatchLink, httpBatchStreamLink }[link]
      return createTRPCClient<AppRouter>({ links: [make({ url, fetch: send })] })
    },
  }
}

function store(cookies: Map<string, string>, header: string): void {
  const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(header) ?? []
  if (/max-age=0/i.test(attributes)) cookies.delete(name)
  else cookies.set(name, value)
}

/** The kind of the error that a call fails with. @throws if the call succeeds */
export async function kindOf(call: Promise<unknown>): Promise<string | null> {
  const data = await failure(call)
  return typeof data.kind === 'string' ? data.kind : null
}

/** What a failing call's client finds in `error.data`, with its message. @throws if the call succeeds */
export async function failure(call: Promise<unknown>): Promise<{
  readonly message: string
  readonly kind?: unknown
  readonly code?: unknown
  readonly httpStatus?: unknown
}> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return { ...error.data, message: error.message }
    throw error
  }
  throw new Error('the call succeeded')
}

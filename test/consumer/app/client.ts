import { authLink, createTokenStore } from '@latchkey/client'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from './server/router.ts'

/** A client with bearer tokens. */
export function createTokenClient(url: string) {
  const auth = authLink<AppRouter>({ url, transformer: superjson, tokens: createTokenStore() })
  const client = createTRPCClient<AppRouter>({
    links: [auth, httpBatchLink({ url, transformer: superjson, headers: auth.headers })],
  })
  return { auth, client }
}

/** A program with an API key. */
export function createProgram(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}` }
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, transformer: superjson, headers })] })
}

/** A client that keeps cookies, as a browser does. */
export function createClient(url: string) {
  const { cookies, headers, fetch } = createCookieJar()
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url, transformer: superjson, headers, fetch })],
  })
  return { client, cookies }
}

/** What a link needs to keep cookies. */
export function createCookieJar() {
  const cookies = new Map<string, string>()
  return {
    cookies,
    headers: () => ({
      origin: 'http://localhost:3000',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    }),
    async fetch(input: RequestInfo | URL | string, init?: object): Promise<Response> {
      const response = await fetch(input, init as RequestInit)
      for (const header of response.headers.getSetCookie()) keep(header)
      return response
    },
  }

  function keep(header: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}

import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCLink,
  wsLink,
} from '@trpc/client'
import superjson from 'superjson'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { authLink, createTokenStore, type AuthLink, type AuthLinkOptions, type TokenStore } from '../../src/index.ts'
import type { App, AppRouter } from './app.ts'
import { EventSource } from 'eventsource'

export type LinkName = 'httpLink' | 'httpBatchLink' | 'httpBatchStreamLink' | 'httpSubscriptionLink' | 'wsLink'

/** What a test sets; `tokens: undefined` leaves the session to the cookie. */
type Options = Partial<Omit<AuthLinkOptions<AppRouter>, 'tokens'>> & { readonly tokens?: TokenStore | undefined }

/** A client whose calls go through `authLink` and then through the link of this name. */
export function openClient(app: App, name: LinkName, options: Options = {}) {
  const { url } = app
  const auth: AuthLink<AppRouter> = authLink<AppRouter>({
    url,
    transformer: superjson,
    tokens: createTokenStore(),
    ...(name === 'wsLink' && { socket: () => socket() }),
    ...(options as Partial<AuthLinkOptions<AppRouter>>), // an absent store is one that is undefined
  })
  const socket = lazily(() => openSocket(app, auth))
  const trpc = createTRPCClient<AppRouter>({ links: [auth, terminate(name, app, auth, socket, options.fetch)] })
  onTestFinished(auth.close)
  return { trpc, auth, socket }
}

export type Client = ReturnType<typeof openClient>

function terminate(
  name: LinkName,
  { url }: App,
  auth: AuthLink<AppRouter>,
  socket: () => ReturnType<typeof createWSClient>,
  fetch: Options['fetch'],
): TRPCLink<AppRouter> {
  const options = { url, transformer: superjson, headers: auth.headers, ...(fetch && { fetch }) }
  switch (name) {
    case 'httpLink':
      return withStreams(httpLink(options), url, auth)
    case 'httpBatchLink':
      return withStreams(httpBatchLink(options), url, auth)
    case 'httpBatchStreamLink':
      return withStreams(httpBatchStreamLink(options), url, auth)
    case 'httpSubscriptionLink':
      return withStreams(httpLink(options), url, auth)
    case 'wsLink':
      return wsLink({ client: socket(), transformer: superjson })
  }
}

function withStreams(link: TRPCLink<AppRouter>, url: string, auth: AuthLink<AppRouter>): TRPCLink<AppRouter> {
  return splitLink({
    condition: (op) => op.type === 'subscription',
    true: httpSubscriptionLink({ url, transformer: superjson, connectionParams: auth.streamParams, EventSource }),
    false: link,
  })
}

function openSocket({ wsUrl, origin }: App, auth: AuthLink<AppRouter>) {
  const client = createWSClient({
    url: wsUrl,
    connectionParams: auth.socketParams,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: () => 20,
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { origin } })
      }
    } as unknown as typeof globalThis.WebSocket, // ws's own is the same to tRPC
  })
  onTestFinished(() => void client.close())
  return client
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

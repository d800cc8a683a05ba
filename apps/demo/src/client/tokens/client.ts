import { authLink, createTokenStore } from '@latchkey/client'
import { createAuthReact } from '@latchkey/client/react'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '../../server/router.ts'
import { countingFetch } from './refreshes.ts'
import { noteStream } from './stream.ts'

const KEY = 'latchkey-demo.tokens'
const url = '/trpc'

/**
 * A second client of the same server, for a session of its own: with bearer tokens, and no cookie. They lie in `localStorage`, so that
 * this page can play the thief; an app gives `refresh: 'cookie'` instead, and no script sees the refresh token.
 */
export const auth = authLink<AppRouter>({
  url,
  transformer: superjson,
  tokens: createTokenStore({ storage: localStorage, key: KEY }),
  fetch: countingFetch,
})

export const client = createTRPCClient<AppRouter>({
  links: [
    auth,
    splitLink({
      condition: (op) => op.type === 'subscription',
      true: [noteStream, httpSubscriptionLink({ url, transformer: superjson, connectionParams: auth.streamParams })],
      false: httpBatchLink({ url, transformer: superjson, headers: auth.headers, fetch: countingFetch, maxItems: 10 }),
    }),
  ],
})

/** A client that knows nothing of `authLink`: what somebody would use who has got hold of a token. */
export const thief = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, transformer: superjson })] })

export const { SessionProvider, useSession } = createAuthReact<AppRouter>()

import { authLink, type RouterSession } from '@latchkey/client'
import { createAuthReact } from '@latchkey/client/react'
import { hashKey, type Query, QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { inferRouterOutputs } from '@trpc/server'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import superjson from 'superjson'
import type { AppRouter } from '../server/router.ts'
import { askForMore } from './ask-for-more.ts'
import { say } from './notice.ts'

import { readErrorData, whySignedOut } from './text/errors.ts'

/** The session as the server's session callback shapes it. */
export type ClientSession = RouterSession<AppRouter>
export type SessionInfo = inferRouterOutputs<AppRouter>['auth']['sessions']['list'][number]
export type ApiKeyInfo = inferRouterOutputs<AppRouter>['auth']['apiKey']['list'][number]

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && !isRefusal(error),
      retryDelay: (failures) => 300 * 2 ** failures,
      staleTime: 5_000,
    },
  },
})

/** The session is the browser's cookie. If the server says that it is over, the sign-in page says why. */
export const auth = authLink<AppRouter>({
  url: '/trpc',
  transformer: superjson,
  onStepUp: askForMore,
  onSessionChange: ({ reason, kind }) => {
    if (reason === 'ended') say(whySignedOut(kind))
  },
})

export const client = createTRPCClient<AppRouter>({
  links: [auth, httpBatchLink({ url: '/trpc', transformer: superjson, maxItems: 10 })],
})

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })

export const { SessionProvider, useSession, Authorized, useSignIn, useSignOut } = createAuthReact<AppRouter>()

const about = hashKey(trpc.about.queryKey())

/** What has nothing to do with who asks. */
export function isForEverybody({ queryHash }: Query): boolean {
  return queryHash === about
}

/** Trying again would fail in the same way. */
function isRefusal(error: unknown): boolean {
  const status = readErrorData(error)?.httpStatus
  return status !== undefined && status < 500
}

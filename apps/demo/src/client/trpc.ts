import { hashKey, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { inferRouterOutputs } from '@trpc/server'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import superjson from 'superjson'
import type { AppRouter } from '../server/router.ts'
import { say } from './notice.ts'
import { readErrorData, whySignedOut } from './text/errors.ts'

type Outputs = inferRouterOutputs<AppRouter>
/** The session as the server's session callback shapes it. */
export type ClientSession = NonNullable<Outputs['auth']['session']>
export type SessionInfo = Outputs['auth']['sessions']['list'][number]

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && !isRefusal(error),
      retryDelay: (failures) => 300 * 2 ** failures,
      staleTime: 5_000,
    },
  },
})

const client = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: '/trpc', transformer: superjson, maxItems: 10 })],
})

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })

const sessionKey = trpc.auth.session.queryKey()
/** What has nothing to do with who asks, and the session itself. */
const kept = new Set([sessionKey, trpc.about.queryKey()].map((key) => hashKey(key)))

const personal = { predicate: ({ queryHash }: { readonly queryHash: string }) => !kept.has(queryHash) }

/** Another person, another organisation or nobody any more: what was read before is not theirs. */
export async function changeSession(session: ClientSession | null): Promise<void> {
  await queryClient.cancelQueries() // an answer to the old cookie may be on its way
  queryClient.setQueryData(sessionKey, session)
  if (session) await queryClient.resetQueries(personal)
}

/** Forgets what was read for whoever was signed in. Only once their pages are gone, which would ask for it again. */
export function forget(): void {
  queryClient.removeQueries(personal)
}

/** A call of a page that needs a session was refused: whoever sits here sees the sign-in page, and why. */
function leaveWhenSignedOut(error: unknown): void {
  const data = readErrorData(error)
  if (data?.code !== 'UNAUTHORIZED' || data.kind === 'CredentialsSignin') return
  say(whySignedOut(data.kind))
  void changeSession(null)
}

/** Trying again would bring the same answer. */
function isRefusal(error: unknown): boolean {
  const status = readErrorData(error)?.httpStatus
  return status !== undefined && status < 500
}

import { authLink, createTokenStore } from '@latchkey/client'
import type { AuthErrorKind } from '@latchkey/core'
import type { AppRouter } from '@latchkey/demo/router'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'
import superjson from 'superjson'
import { UsageError } from './failure.ts'
import { fileLock } from './file-lock.ts'
import { tokenFile } from './token-file.ts'

export interface Address {
  readonly url: string
  readonly file: string
}

export interface Connection {
  readonly trpc: TRPCClient<AppRouter>
  /** Why the session has ended during this run: later calls are sent without a session, and get only that error. */
  readonly whyEnded: () => AuthErrorKind | undefined
}

/** The client: as in a browser, but for the tokens, which are in a file, and the lock, which is between processes. */
export function connect({ url: address, file }: Address): Connection {
  const origin = readOrigin(address)
  const url = `${origin}/trpc`
  // One server's tokens are never sent to another: each has its own place in the file.
  const tokens = createTokenStore({ storage: tokenFile(file), key: origin, lock: fileLock(`${file}.lock`) })
  let ending: AuthErrorKind | undefined
  const auth = authLink<AppRouter>({
    url,
    transformer: superjson,
    tokens,
    onSessionChange: ({ kind }) => {
      ending = kind
    },
  })
  const trpc = createTRPCClient<AppRouter>({
    links: [
      auth,
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url, transformer: superjson, connectionParams: auth.streamParams, EventSource }),
        false: httpBatchLink({ url, transformer: superjson, headers: auth.headers }),
      }),
    ],
  })
  return { trpc, whyEnded: () => ending }
}

/** Passwords and tokens go there: not over a network that reads along. */
function readOrigin(address: string): string {
  if (!URL.canParse(address)) throw new UsageError(`${address} is no address: write one like http://localhost:3000`)
  const { origin, protocol, hostname } = new URL(address)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback))
    throw new UsageError(`${address}: use https, for anything but this machine`)
  return origin
}

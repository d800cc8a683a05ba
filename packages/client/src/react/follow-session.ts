import type { TRPCUntypedClient } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'

/** Milliseconds: the first wait after a failure, and the longest of those that grow. */
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 60_000]

/**
 * Listens to a subscription until it is stopped. After a failure it connects again: after one second, or the time that the server asks for, with
 * waits that double up to a minute. A new stream begins with the current session.
 */
export function followSession(
  calls: TRPCUntypedClient<AnyTRPCRouter>,
  path: string,
  onData: (session: unknown) => void,
): () => void {
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = () => {}
  const listen = () => {
    const stream = calls.subscription(path, undefined, {
      onData: (session) => {
        failures = 0
        onData(session)
      },
      onError: (error) => {
        timer = setTimeout(listen, waitAfter(error, failures++))
      },
    })
    stop = () => stream.unsubscribe()
  }
  listen()
  return () => {
    clearTimeout(timer)
    stop()
  }
}

function waitAfter(error: unknown, failures: number): number {
  const { retryAfter }: { readonly retryAfter?: unknown } = Object(Object(error).data)
  const asked = typeof retryAfter === 'number' ? retryAfter * 1_000 : 0
  // So that not all pages connect at once when a server is back.
  const spread = 1 + Math.random() / 2
  return Math.max(asked, Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT)) * spread
}

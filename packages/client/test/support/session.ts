import { onTestFinished } from 'vitest'
import type { Client } from './clients.ts'

/** Signs in with the right password. */
export function signIn(trpc: Client['trpc'], name = 'ann') {
  return trpc.auth.signIn.mutate({ provider: 'credentials', name, password: 'right' })
}

export interface Watched<T> {
  readonly items: T[]
  /** Why it is over: 'complete', or the kind of the error. */
  readonly over: Promise<string>
  readonly stop: () => void
}

interface Handlers {
  readonly onData: (item: unknown) => void
  readonly onComplete: () => void
  readonly onStopped: () => void
  readonly onError: (error: { readonly data?: unknown; readonly message: string }) => void
}

/** What a subscription says, until it is over; of a tracked event, its data. */
export function watch<T>(subscribe: (handlers: Handlers) => { unsubscribe: () => void }): Watched<T> {
  const items: T[] = []
  let finish: (reason: string) => void = () => {}
  const over = new Promise<string>((resolve) => (finish = resolve))
  const { unsubscribe } = subscribe({
    onData: (item) =>
      void items.push((typeof item === 'object' && item && 'data' in item && 'id' in item ? item.data : item) as T), // as the server sent it
    onComplete: () => finish('complete'),
    onStopped: () => finish('complete'),
    onError: ({ data, message }) => finish((data as { kind?: string } | undefined)?.kind ?? message), // by our formatter
  })
  onTestFinished(unsubscribe)
  return { items, over, stop: unsubscribe }
}

/** Waits until something holds; a test's own timeout ends it if it never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

import type { SessionBus } from '@latchkey/core'
import { expect, vi } from 'vitest'

/** Longer than anything takes on a slow machine. */
export const PATIENCE = { timeout: 30_000, interval: 10 }

/** Who listens to a bus, and remembers what it heard and what it was told of the connection. */
export interface Listener {
  readonly heard: string[]
  /** What it was told last. */
  readonly last: () =>
    { readonly is: 'lost' } | { readonly is: 'connected'; readonly at: number; readonly delivered: number }
  /** How often it was told that messages may be lost. */
  readonly losses: () => number
  readonly becomes: (is: 'lost' | 'connected') => Promise<void>
  readonly hears: (message: string) => Promise<void>
}

export async function listenTo(bus: SessionBus): Promise<Listener> {
  const heard: string[] = []
  let losses = 0
  let last: ReturnType<Listener['last']> = { is: 'lost' }
  await bus.subscribe((message) => void heard.push(message), {
    lost: () => {
      losses++
      last = { is: 'lost' }
    },
    connected: (delivered = 0) => void (last = { is: 'connected', at: performance.now(), delivered }),
  })
  return {
    heard,
    last: () => last,
    losses: () => losses,
    becomes: (is) => vi.waitFor(() => expect(last.is).toBe(is), PATIENCE),
    hears: (message) => vi.waitFor(() => expect(heard).toContain(message), PATIENCE),
  }
}

import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from './auth.ts'
import { createBrowser } from './browser.ts'

/** Where sessions may live: both strategies with a store, and the cookie alone. */
export const HOMES = [
  { home: 'jwt without a store', strategy: 'jwt', store: false },
  { home: 'jwt with a store', strategy: 'jwt', store: true },
  { home: 'database', strategy: 'database', store: true },
] as const

export type Home = (typeof HOMES)[number]

/** An engine whose sessions live there, with its clock, its log and the store. */
export function openHome({ strategy, store }: Pick<Home, 'strategy' | 'store'>, options: Partial<AnyOptions> = {}) {
  const adapter = memoryAdapter()
  const clock = openClock()
  const { logger, lines } = openLog()
  const auth = makeAuth({
    ...(store && { adapter }),
    session: { strategy },
    clock: clock.read,
    logger,
    ...options,
  })
  return { auth, adapter, clock, lines, browser: createBrowser(auth) }
}

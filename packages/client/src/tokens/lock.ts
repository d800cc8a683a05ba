import { isPage } from './page.ts'
import type { TokenStore } from './store.ts'

/** Runs a step alone among everybody who shares the tokens, and tells it whether another tab ran one while it waited. */
export type SharedLock = <T>(run: (waited: boolean) => Promise<T>) => Promise<T>

/**
 * Calls of one client queue up. Before its turn each also takes the store's own lock, or the browser's (Web Locks) under the store's
 * name, so that tabs and processes take turns too.
 */
export function createSharedLock({ lock, shared }: Pick<TokenStore, 'lock' | 'shared'>): SharedLock {
  const takeLock: SharedLock = lock ? (run) => lock(() => run(false)) : withBrowserLock(shared)
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const turn = last.then(() => takeLock(run))
    last = turn.catch(() => {})
    return turn
  }
}

function withBrowserLock(shared: string | undefined): SharedLock {
  const locks = isPage() && shared !== undefined ? globalThis.navigator.locks : undefined
  // Browsers give locks to secure contexts only. Without them the server's reuse window keeps two tabs from harm.
  if (!locks) return (run) => run(false)
  const name = `latchkey:${shared}`
  return async (run) => {
    const first = await locks.request(name, { ifAvailable: true }, async (lock) => lock && { value: await run(false) })
    return first ? first.value : locks.request(name, () => run(true))
  }
}

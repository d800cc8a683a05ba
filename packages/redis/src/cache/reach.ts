import { monotonic, startPause, within } from '../internal/wait.ts'

/** How Redis is asked: never for long. */
export interface Reach {
  /** null: it failed, took too long, or did so a short while ago. */
  readonly ask: <T>(call: () => Promise<T>) => Promise<T | null>
  /** Waits longer, because others rely on it. */
  readonly tell: (call: () => Promise<unknown>) => Promise<void>
  /** The same, and tries again in the background if it fails. */
  readonly tellUntilHeard: (call: () => Promise<unknown>) => Promise<void>
}

/** Milliseconds for which Redis isn't asked after a failure. */
const PAUSE = 1_000
/** Milliseconds that a write waits for Redis, before and after. */
const PATIENCE = 250
/** Milliseconds between two tries. */
const AGAIN = 200
/** How many calls wait for Redis at most. */
const MAX_CALLS = 1_000

/**
 * @param timeout milliseconds
 * @param useful milliseconds after which there is no use in trying again
 */
export function createReach(timeout: number, useful: number): Reach {
  const [asking, telling] = [createBreak(), createBreak()]
  let calls = 0

  const tryUntil = async (call: () => Promise<unknown>, end: number): Promise<void> => {
    try {
      await call()
    } catch {
      telling.begin()
      if (monotonic() + AGAIN > end) return
      await startPause(AGAIN).isOver
      await tryUntil(call, end)
    }
  }
  const waitShortly = async (call: () => Promise<void>) => {
    if (calls >= MAX_CALLS) return
    calls++
    const told = call().finally(() => calls--)
    await within(told, telling.isOn() ? 0 : PATIENCE).catch(telling.begin)
  }
  return {
    ask: async (call) => {
      if (asking.isOn()) return null
      try {
        return await within(call(), timeout)
      } catch {
        asking.begin()
        return null
      }
    },
    tell: (call) => waitShortly(() => tryUntil(call, 0)),
    tellUntilHeard: (call) => waitShortly(() => tryUntil(call, monotonic() + useful)),
  }
}

/** After a failure nobody waits for Redis for {@link PAUSE}. Reads and writes have one each: a read that was late is no reason for a write not to wait. */
function createBreak() {
  let until = 0
  return { isOn: () => monotonic() < until, begin: () => void (until = monotonic() + PAUSE) }
}

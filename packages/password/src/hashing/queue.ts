import { AuthError } from '@latchkey/core'

/** Runs tasks, a few at a time. */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>

/** How many tasks run and wait. */
export interface QueueOptions {
  readonly maxConcurrent: number
  readonly maxWaiting: number
}

/**
 * Hashing takes memory and a thread of Node's pool, which reads files and looks up names too: so few hashes run at a time, a bounded number
 * waits, and whoever comes then is refused at once instead of waiting for longer than a client does.
 */
export function createQueue({ maxConcurrent, maxWaiting }: QueueOptions): Queue {
  const waiting: (() => void)[] = []
  let running = 0
  /** Milliseconds that a task takes, as a moving average. */
  let duration = 50
  const wait = () => new Promise<void>((resolve) => void waiting.push(resolve))
  const leave = () => {
    const next = waiting.shift()
    // The place is handed over: nobody who comes meanwhile can take it.
    if (next) next()
    else running--
  }
  return async (task) => {
    if (running < maxConcurrent) running++
    else if (waiting.length < maxWaiting) await wait()
    else
      throw new AuthError('RateLimited', {
        retryAfter: Math.max(1, Math.ceil((waiting.length * duration) / maxConcurrent / 1_000)),
      })
    const began = performance.now()
    try {
      return await task()
    } finally {
      duration += (performance.now() - began - duration) / 8
      leave()
    }
  }
}

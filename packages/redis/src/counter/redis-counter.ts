import { randomBytes } from 'node:crypto'
import type { AttemptCounter, AttemptRule, CountedAttempt, RefusedAttempt } from '@latchkey/core'
import type { RedisCommands } from '../client/redis-client.ts'
import { requireTexts } from '../client/reply.ts'
import { createRunScript } from '../client/script.ts'
import { toSend } from '../client/send.ts'
import { countAttempt, undoAttempt } from './scripts.ts'

/** Options of {@link redisCounter}. */
export interface RedisCounterOptions {
  /**
   * What its keys begin with. Give each app that shares a Redis its own.
   *
   * @default 'latchkey:'
   */
  readonly prefix?: string
}

/**
 * Counts attempts in Redis or Valkey, so that all instances share their limits. An attempt is one round trip, a refused one too. A key's
 * window begins with its first attempt, and the key expires with it. Keys are digests: nothing in Redis says who signs in.
 *
 * While Redis is gone, each instance counts in its own memory: `limits.counter` does that with every counter.
 *
 * @param redis a client of `ioredis` or `redis`, also of a cluster or with Sentinels
 * @example createAuth({ limits: { counter: redisCounter(new Redis(process.env.REDIS_URL)) }, … })
 */
export function redisCounter(redis: RedisCommands, options: RedisCounterOptions = {}): AttemptCounter {
  const send = toSend(redis)
  const run = createRunScript(send)
  const { prefix = 'latchkey:' } = options

  const consume = async (
    name: string,
    { limit, window }: AttemptRule,
    now: Date,
  ): Promise<CountedAttempt | RefusedAttempt> => {
    const key = `${prefix}attempts:${name}`
    const args = [String(limit), String(window), String(now.getTime()), randomBytes(8).toString('base64url')]
    const [allowed, counted = '', left] = requireTexts(await run(countAttempt, [key], args))
    if (allowed !== '1') return { allowed: false, retryAfter: toSeconds(Number(left), window) }
    return {
      allowed: true,
      undo: async () => void (await run(undoAttempt, [key], [counted])),
      clear: async () => void (await send(key, ['DEL', key])),
    }
  }
  return { consume }
}

/** Another instance, whose clock is ahead, may have begun the window: nobody waits longer than one. */
function toSeconds(left: number, window: number): number {
  return Math.max(1, Math.ceil(Math.min(left, window) / 1_000))
}

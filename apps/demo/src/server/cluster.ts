import type { LimitOptions, SessionBus } from '@latchkey/core'
import { redisBus, redisCounter } from '@latchkey/redis'
import { Redis } from 'ioredis'
import { env } from './env.ts'

interface Sharing {
  readonly bus?: SessionBus
  readonly limits?: LimitOptions
}

/** What several instances share besides the database: ends and changes of sessions, and how often somebody has guessed. */
export const sharing: Sharing = openSharing(env.redisUrl)

function openSharing(url: string | undefined): Sharing {
  if (!url) return {}
  const redis = new Redis(url)
  // The bus and the counter say what fails; without a listener the client writes each attempt to connect to the console.
  redis.on('error', () => {})
  return { bus: redisBus(redis), limits: { counter: redisCounter(redis) } }
}

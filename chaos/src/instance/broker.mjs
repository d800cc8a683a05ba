import { tableCounter, attemptTables } from '@latchkey/core'
import * as kysely from '@latchkey/kysely'
import { createDocsBus } from './docs-bus.mjs'

const logger = { error: () => {}, warn: () => {} }

/** What one instance has of the others: a bus, counters for the limiter, and a cache of rows. */
export async function openBroker({ bus, counter, redis, isCached, secrets, database }, { pool, db }) {
  const client = redis && (bus === 'redis' || counter === 'redis' || isCached) ? await openRedis(redis) : null
  const open = {
    redis: () => client.latchkey.redisBus(client.redis, { logger }),
    postgres: () => kysely.postgresBus(pool, { logger }),
    polling: () => kysely.pollingBus(db, { logger }),
    docs: () => createDocsBus(pool, database),
  }[bus]
  return {
    tables: [attemptTables, ...(bus === 'polling' ? [kysely.busTables] : [])],
    /** One for each engine: an engine closes its own. */
    bus: open ?? (() => undefined),
    counter: { redis: () => client.latchkey.redisCounter(client.redis), table: tableCounter }[counter],
    cached: (adapter) =>
      isCached ? client.latchkey.withRedisCache(adapter, client.redis, { secret: secrets }) : adapter,
    close: async () => client?.redis.disconnect(),
  }
}

async function openRedis(port) {
  const { Redis } = await import('ioredis')
  const redis = new Redis({ port, host: '127.0.0.1' })
  redis.on('error', () => {})
  return { redis, latchkey: await import('@latchkey/redis') }
}

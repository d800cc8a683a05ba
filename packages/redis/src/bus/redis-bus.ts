import { type BusConnection, configurationError, type SessionBus } from '@latchkey/core'
import type { RedisClient } from '../client/redis-client.ts'
import { createOutbox } from './outbox.ts'
import { readBusOptions, type RedisBusOptions } from './options.ts'
import { startReader } from './reader.ts'
import { createSubscribers } from './subscribers.ts'
import { createWriter } from './writer.ts'

/**
 * A bus between instances: a stream in Redis (6.2 or later) or Valkey. What ends or changes on one instance reaches the others within
 * milliseconds. An instance that was cut off reads what it has missed.
 *
 * It opens two connections of its own with the options of the client that it is given, and keeps trying for as long as Redis is gone. What is
 * published meanwhile waits: at most 10,000 messages, for at most a minute each.
 *
 * @param redis a client of `ioredis` or `redis`, also of a cluster or with Sentinels; it may be connected later
 * @throws AuthError `Configuration` for a wrong option
 * @example createAuth({ bus: redisBus(new Redis(process.env.REDIS_URL)), … })
 */
export function redisBus(redis: RedisClient, options: RedisBusOptions = {}): SessionBus {
  const { key, history, maxMessages, logger } = readBusOptions(options)
  requireDuplicate(redis)
  const writer = createWriter(redis, key, { messages: maxMessages, history })
  const outbox = createOutbox(writer.append)
  const subscribers = createSubscribers(logger)
  let stopReader: (() => void) | undefined
  const stop = () => {
    stopReader?.()
    stopReader = undefined
  }
  return {
    publish: outbox.add,
    subscribe: async (listener: (message: string) => void, connection: BusConnection) => {
      const unsubscribe = subscribers.add(listener, connection)
      const { deliver: message, lost, connected, isConnected } = subscribers
      stopReader ??= startReader(redis, key, { message, lost, connected, server: outbox.noteServer }, logger)
      await isConnected()
      return () => {
        unsubscribe()
        if (subscribers.isEmpty()) stop()
      }
    },
    close: async () => {
      subscribers.clear()
      stop()
      // A script that ends sessions and closes at once has a message to send.
      await outbox.close()
      writer.close()
    },
  }
}

/** For code without types. A pool has no connection that could wait for messages. */
function requireDuplicate(redis: RedisClient): void {
  if (typeof redis.duplicate !== 'function')
    throw configurationError(
      'redisBus',
      'pass a client that can be duplicated, such as `new Redis()` or `createClient()`',
    )
}

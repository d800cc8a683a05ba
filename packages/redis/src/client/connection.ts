import type { RedisClient } from './redis-client.ts'
import { type Send, toSend } from './send.ts'

/** A connection of our own, with the options of the app's client. */
export interface Connection {
  /** Rejects at once if the connection breaks meanwhile. */
  readonly send: Send
  /** Ends it at once. What waits for a reply rejects. Again is harmless. */
  readonly close: () => void
}

/** Milliseconds to connect: with Sentinels and in clusters that is several connections, one after the other. */
const PATIENCE = 10_000

/**
 * @param ended ends the connection, also while it is being opened
 * @throws what the client throws if it can't connect, or Error after {@link PATIENCE}
 */
export async function openConnection(redis: RedisClient, ended: AbortSignal): Promise<Connection> {
  const own = redis.duplicate()
  const waiting = createWaiting()
  let last: unknown
  // Without a listener, Node ends the process at the first error of a connection.
  own.on('error', (cause) => void (last = cause))
  // ioredis: without this it would send the same command again once it is connected, and say nothing of the break.
  own.on('close', () => waiting.fail(new Error('the connection to Redis has closed', { cause: last })))
  const close = () => {
    ended.removeEventListener('abort', close)
    waiting.fail(new Error('the connection to Redis was ended'))
    end(own)
  }
  ended.addEventListener('abort', close)
  const send = toSend(own)
  try {
    // ioredis connects by itself, with the first command at the latest.
    await waiting.during('call' in own ? own.call('PING') : own.connect(), PATIENCE)
  } catch (cause) {
    close()
    throw cause
  }
  return { send: (key, command) => waiting.during(send(key, command)), close }
}

function end(client: RedisClient): void {
  if ('call' in client) return client.disconnect()
  // One that isn't connected yet throws, or rejects: it is gone all the same.
  void (async () => client.destroy())().catch(() => {})
}

/** Promises that fail together. (A race against one long-lived promise would keep a reaction for each command for ever.) */
function createWaiting() {
  const failing = new Set<(cause: Error) => void>()
  return {
    fail: (cause: Error) => {
      for (const reject of failing) reject(cause)
    },
    /** @param limit milliseconds. @default none */
    during: <T>(promise: Promise<T>, limit?: number): Promise<T> =>
      new Promise((resolve, reject) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const settle = <V>(pass: (value: V) => void) => {
          return (value: V) => {
            clearTimeout(timer)
            failing.delete(fail)
            pass(value)
          }
        }
        const fail = settle<unknown>(reject)
        failing.add(fail)
        if (limit !== undefined) timer = setTimeout(() => fail(new Error(`no answer within ${limit} ms`)), limit)
        promise.then(settle(resolve), fail)
      }),
  }
}

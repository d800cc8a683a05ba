import type { RedisCommands } from './redis-client.ts'

/** Sends one command. The key, which is in the command too, tells a cluster which node to ask. */
export type Send = (key: string, command: readonly [name: string, ...args: string[]]) => Promise<unknown>

/** The same call for every client. What the client throws at once, the promise rejects with. */
export function toSend(redis: RedisCommands): Send {
  if ('call' in redis) return async (_key, [name, ...args]) => redis.call(name, ...args)
  if ('nodeClient' in redis) return async (key, command) => redis.sendCommand(key, false, [...command])
  if ('getMasterNode' in redis) return async (_key, command) => redis.sendCommand(false, [...command])
  return async (_key, command) => redis.sendCommand([...command])
}

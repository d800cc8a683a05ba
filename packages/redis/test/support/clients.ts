import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { RedisClient } from '../../src/index.ts'

/** A client of a test, and what ends it. */
export interface OpenedClient {
  readonly client: RedisClient
  /** Sends a command and returns its reply. */
  readonly send: (...command: readonly [string, ...string[]]) => Promise<unknown>
  readonly close: () => void
}

export interface ClientKind {
  readonly name: string
  readonly open: (port: number) => Promise<OpenedClient>
}

const ioredis: ClientKind = {
  name: 'ioredis',
  open: async (port) => {
    const client = new Redis({ host: '127.0.0.1', port, retryStrategy: (times) => Math.min(times * 50, 500) })
    client.on('error', () => {})
    return { client, send: (name, ...args) => client.call(name, ...args), close: () => client.disconnect() }
  },
}

const nodeRedis: ClientKind = {
  name: 'node-redis',
  open: async (port) => {
    const client = createClient({
      socket: { host: '127.0.0.1', port, reconnectStrategy: (retries) => Math.min(retries * 50, 500) },
    })
    client.on('error', () => {})
    await client.connect()
    return { client, send: (...command) => client.sendCommand([...command]), close: () => client.destroy() }
  },
}

export const CLIENTS: readonly ClientKind[] = [ioredis, nodeRedis]

import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis-5'
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

const retry = (times: number) => Math.min(times * 50, 500)

const ioredis: ClientKind = {
  name: 'ioredis',
  open: async (port) => {
    const client = new Redis({ host: '127.0.0.1', port, retryStrategy: retry })
    client.on('error', () => {})
    return { client, send: (name, ...args) => client.call(name, ...args), close: () => client.disconnect() }
  },
}

const ioredis5: ClientKind = {
  name: 'ioredis 5',
  open: async (port) => {
    const client = new Redis5({ host: '127.0.0.1', port, retryStrategy: retry })
    client.on('error', () => {})
    return { client, send: (name, ...args) => client.call(name, ...args), close: () => client.disconnect() }
  },
}

const nodeRedis: ClientKind = {
  name: 'node-redis',
  open: async (port) => {
    const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: retry } })
    client.on('error', () => {})
    await client.connect()
    return { client, send: (...command) => client.sendCommand([...command]), close: () => client.destroy() }
  },
}

const nodeRedis5: ClientKind = {
  name: 'node-redis 5',
  open: async (port) => {
    const client = createClient5({ socket: { host: '127.0.0.1', port, reconnectStrategy: retry } })
    client.on('error', () => {})
    await client.connect()
    return { client, send: (...command) => client.sendCommand([...command]), close: () => client.destroy() }
  },
}

export const CLIENTS: readonly ClientKind[] = [ioredis, nodeRedis]

/** The majors before. */
export const OLDER_CLIENTS: readonly ClientKind[] = [ioredis5, nodeRedis5]

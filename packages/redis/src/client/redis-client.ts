/** What is used of ioredis: of `Redis`, also with Sentinels, and of `Redis.Cluster`. */
interface IoRedisCommands {
  call(command: string, ...args: string[]): Promise<unknown>
}

/** What is used of node-redis: of a client or a pool. */
interface NodeRedisCommands {
  sendCommand(command: string[]): Promise<unknown>
}

/** The same of a cluster of node-redis. Its method `nodeClient` tells it from the others. */
interface NodeRedisClusterCommands {
  sendCommand(firstKey: string, isReadonly: boolean, command: string[]): Promise<unknown>
  nodeClient: unknown
}

/** The same of a client of node-redis with Sentinels. Its method `getMasterNode` tells it from the others. */
interface NodeRedisSentinelCommands {
  sendCommand(isReadonly: boolean, command: string[]): Promise<unknown>
  getMasterNode: unknown
}

/**
 * A client of Redis or Valkey that sends commands: of `ioredis` (`Redis`, `Redis.Cluster`) or of `redis` (`createClient`,
 * `createClientPool`, `createCluster`, `createSentinel`), with its own options. Connecting it, and ending it, is the app's.
 */
export type RedisCommands = IoRedisCommands | NodeRedisCommands | NodeRedisClusterCommands | NodeRedisSentinelCommands

interface Listens {
  on(event: string, listener: (cause: unknown) => void): unknown
}

interface IoRedisClient extends IoRedisCommands, Listens {
  duplicate(): IoRedisClient
  disconnect(): void
}

interface NodeRedisConnects extends Listens {
  connect(): Promise<unknown>
  destroy(): unknown
}

interface NodeRedisClient extends NodeRedisCommands, NodeRedisConnects {
  duplicate(): NodeRedisClient
}

interface NodeRedisCluster extends NodeRedisClusterCommands, NodeRedisConnects {
  duplicate(): NodeRedisCluster
}

interface NodeRedisSentinel extends NodeRedisSentinelCommands, NodeRedisConnects {
  duplicate(): NodeRedisSentinel
}

/**
 * A client of Redis or Valkey that can be duplicated: of `ioredis` (`Redis`, `Redis.Cluster`) or of `redis` (`createClient`,
 * `createCluster`, `createSentinel`), with its own options.
 */
export type RedisClient = IoRedisClient | NodeRedisClient | NodeRedisCluster | NodeRedisSentinel

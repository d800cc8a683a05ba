export { redisBus } from './bus/redis-bus.ts'
export type { RedisBusOptions } from './bus/options.ts'
export type { RedisClient, RedisCommands } from './client/redis-client.ts'

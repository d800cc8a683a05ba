import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import {
  createClient as createClient5,
  createClientPool as createClientPool5,
  createCluster as createCluster5,
  createSentinel as createSentinel5,
} from 'redis-5'
import { expectTypeOf, test } from 'vitest'
import { memoryAdapter, type AttemptCounter, type CompleteAdapter, type SessionBus } from '@latchkey/core'
import { redisBus, redisCounter, withRedisCache } from '@latchkey/redis'

const SENTINEL = { name: 'main', sentinelRootNodes: [{ host: '127.0.0.1', port: 26379 }] }
const CLUSTER = { rootNodes: [{ url: 'redis://127.0.0.1:7000' }] }
const SECRET = { secret: 'of this test' }

test('clients of ioredis fit: alone, with Sentinels, a cluster', () => {
  expectTypeOf(redisBus(new Redis())).toEqualTypeOf<SessionBus>()
  redisBus(new Redis({ sentinels: [{ host: '127.0.0.1', port: 26379 }], name: 'main' }))
  redisBus(new Cluster([{ host: '127.0.0.1', port: 7000 }]))
  redisBus(new Redis5())
  redisBus(new Cluster5([]))
  expectTypeOf(redisCounter(new Cluster([]))).toEqualTypeOf<AttemptCounter>()
  expectTypeOf(withRedisCache(memoryAdapter(), new Redis5(), SECRET)).toEqualTypeOf<CompleteAdapter>()
})

test('clients of node-redis fit: alone, with Sentinels, a cluster', () => {
  redisBus(createClient())
  redisBus(createClient({ RESP: 2 }))
  redisBus(createSentinel(SENTINEL))
  redisBus(createCluster(CLUSTER))
  redisBus(createClient5())
  redisBus(createCluster5(CLUSTER))
  redisCounter(createCluster(CLUSTER))
  redisCounter(createSentinel5(SENTINEL))
  withRedisCache(memoryAdapter(), createSentinel(SENTINEL), SECRET)
})

test('a pool of node-redis counts and caches', () => {
  redisCounter(createClientPool())
  redisCounter(createClientPool5())
  withRedisCache(memoryAdapter(), createClientPool(), SECRET)
})

test('what sends no commands is no client', () => {
  // @ts-expect-error a pool cannot be duplicated: it has no connection that could wait for messages
  redisBus(createClientPool())
  // @ts-expect-error with Sentinels, version 5 cannot be duplicated either
  redisBus(createSentinel5(SENTINEL))
  // @ts-expect-error a URL is no client
  redisBus('redis://127.0.0.1')
  // @ts-expect-error options are no client
  redisCounter({ host: '127.0.0.1' })
  // @ts-expect-error a bus is no client
  redisBus(redisBus(new Redis()))
})

import { memoryAdapter } from '@latchkey/core'
import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSession, addUser, minutes } from '../../../core/test/adapter/support.ts'
import { redisBus, type RedisClient, redisCounter, withRedisCache } from '../../src/index.ts'
import { CACHE_OPTIONS } from '../cache/support.ts'
import { type OwnCluster, startCluster } from '../support/cluster.ts'
import { listenTo } from '../support/listener.ts'
import { describeWithRedis } from '../support/services.ts'

const RULE = { limit: 3, window: 60_000 }

describeWithRedis('a Redis Cluster of three nodes', () => {
  let cluster: OwnCluster
  const clients: { readonly client: RedisClient; readonly close: () => void }[] = []
  beforeAll(async () => {
    cluster = await startCluster()
    const ioredis = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })))
    ioredis.on('error', () => {})
    const nodeRedis = createCluster({ rootNodes: cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) })
    nodeRedis.on('error', () => {})
    await nodeRedis.connect()
    clients.push({ client: ioredis, close: () => ioredis.disconnect() })
    clients.push({ client: nodeRedis, close: () => nodeRedis.destroy() })
  }, 120_000)
  afterAll(async () => {
    for (const { close } of clients) close()
    await cluster.drop()
  })
  const find = (index: number) => {
    const opened = clients[index]
    if (!opened) throw new Error('there is no such client')
    return opened.client
  }

  test.each([
    { from: 0, to: 1 },
    { from: 1, to: 0 },
  ])('the bus carries messages between both clients', async ({ from, to }) => {
    const prefix = `bus-${from}:`
    const [sender, receiver] = [redisBus(find(from), { prefix }), redisBus(find(to), { prefix })]
    const listener = await listenTo(receiver)
    await listener.becomes('connected')
    await sender.publish('1.a')
    await listener.hears('1.a')
    await sender.close?.()
    await receiver.close?.()
  })

  test('attempts are counted, whichever node has the key', async () => {
    for (let key = 0; key < 30; key++) {
      const counters = [redisCounter(find(0)), redisCounter(find(1))]
      const allowed: boolean[] = []
      for (let attempt = 0; attempt < 4; attempt++) {
        const counted = await counters[attempt % 2]?.consume(`key-${key}`, RULE, new Date())
        allowed.push(counted?.allowed ?? false)
      }
      expect(allowed).toEqual([true, true, true, false])
    }
  })

  test('S10 a session that is ended is not found in the cache of another instance', async () => {
    const store = memoryAdapter()
    const [one, two] = [withRedisCache(store, find(0), CACHE_OPTIONS), withRedisCache(store, find(1), CACHE_OPTIONS)]
    for (let round = 0; round < 30; round++) {
      const session = await addSession(() => store, (await addUser(() => store)).id)
      await one.getSessionAndUser(session.sessionToken)
      expect((await two.getSessionAndUser(session.sessionToken))?.session.revokedAt).toBeNull()
      await one.revokeSession({ id: session.id, userId: session.userId, now: minutes(1) })
      expect((await two.getSessionAndUser(session.sessionToken))?.session.revokedAt).toEqual(minutes(1))
    }
  })
})

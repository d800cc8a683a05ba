import { Redis } from 'ioredis'
import { createSentinel } from 'redis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { redisBus, type RedisClient } from '../../src/index.ts'
import { listenTo } from '../support/listener.ts'
import { NAME, startSentinel } from '../support/sentinel.ts'
import { describeWithRedis } from '../support/services.ts'

interface Kind {
  readonly name: string
  readonly open: (port: number) => Promise<{ readonly client: RedisClient; readonly close: () => unknown }>
}

const KINDS: readonly Kind[] = [
  {
    name: 'ioredis',
    open: async (port) => {
      const client = new Redis({ sentinels: [{ host: '127.0.0.1', port }], name: NAME })
      client.on('error', () => {})
      return { client, close: () => client.disconnect() }
    },
  },
  {
    name: 'node-redis',
    open: async (port) => {
      const client = createSentinel({ name: NAME, sentinelRootNodes: [{ host: '127.0.0.1', port }], scanInterval: 500 })
      client.on('error', () => {})
      await client.connect()
      return { client, close: () => client.destroy() }
    },
  },
]

describeWithRedis('Sentinels', () => {
  describe.each(KINDS)('$name', ({ open }) => {
    test('X02 a replica that has not got a message takes over: it arrives all the same, and nothing of the past is promised', async () => {
      const sentinel = await startSentinel()
      onTestFinished(sentinel.drop)
      const [first, second] = [await open(sentinel.port), await open(sentinel.port)]
      const silent = { error: () => {}, warn: () => {} }
      const [one, two] = [redisBus(first.client, { logger: silent }), redisBus(second.client, { logger: silent })]
      onTestFinished(async () => {
        await one.close?.()
        await two.close?.()
        await first.close()
        await second.close()
      })
      const listener = await listenTo(two)
      await listenTo(one)
      await listener.becomes('connected')
      sentinel.cutReplica()
      await one.publish('1.lost')
      await listener.hears('1.lost')
      listener.heard.length = 0
      const killedAt = performance.now()
      await sentinel.failOver()
      const isBackAt = performance.now()
      // The server that has taken over never got it.
      await listener.hears('1.lost')
      await listener.becomes('connected')
      const last = listener.last()
      if (last.is !== 'connected') throw new Error('it is not connected')
      console.info(
        `failed over after ${(isBackAt - killedAt).toFixed(0)} ms, messages arrived again ${(last.at - isBackAt).toFixed(0)} ms later`,
      )
      expect(last.at - last.delivered).toBeGreaterThanOrEqual(killedAt)
      await one.publish('1.after')
      await listener.hears('1.after')
    }, 180_000)
  })
})

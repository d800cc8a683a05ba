import type { SessionBus } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisBus } from '../../src/index.ts'
import { CLIENTS, type OpenedClient } from '../support/clients.ts'
import { listenTo } from '../support/listener.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { openProxy } from '../support/proxy.ts'
import { describeWithRedis } from '../support/services.ts'

const SILENT = { error: () => {}, warn: () => {} }
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describeWithRedis('the bus when Redis fails', () => {
  describe.each(CLIENTS)('$name', ({ open }) => {
    let server: OwnRedis
    const clients: OpenedClient[] = []
    const buses: SessionBus[] = []
    beforeEach(async () => {
      server = await startRedis()
    })
    afterEach(async () => {
      for (const bus of buses.splice(0)) await bus.close?.()
      for (const { close } of clients.splice(0)) close()
      server.resume()
      await server.drop()
    })

    const openBus = async (port = server.port) => {
      const opened = await open(port)
      clients.push(opened)
      const bus = redisBus(opened.client, { logger: SILENT })
      buses.push(bus)
      return bus
    }

    test('X02 Redis is killed and comes back empty: messages are lost for no longer, and it promises nothing of the past', async () => {
      const [one, two] = [await openBus(), await openBus()]
      const listener = await listenTo(two)
      await one.publish('1.before')
      await listener.hears('1.before')
      await server.kill()
      await listener.becomes('lost')
      const unsent = one.publish('1.meanwhile')
      await server.start()
      const startedAt = performance.now()
      await listener.becomes('connected')
      await listener.hears('1.meanwhile')
      await unsent
      const last = listener.last()
      if (last.is !== 'connected') throw new Error('it is not connected')
      console.info(`messages arrived again ${(last.at - startedAt).toFixed(0)} ms after the start`)
      // What another server took before, this one may not have.
      expect(last.at - last.delivered).toBeGreaterThanOrEqual(startedAt - 1_000)
    })

    test('what was sent shortly before Redis lost it is sent again: also to an instance that was cut off then', async () => {
      const proxy = await openProxy(server.port)
      const [one, two] = [await openBus(), await openBus(proxy.port)]
      await listenTo(one)
      const listener = await listenTo(two)
      await listener.becomes('connected')
      await proxy.cut()
      await listener.becomes('lost')
      await one.publish('1.lost-by-the-server')
      await server.kill()
      await server.start()
      await proxy.restore()
      await listener.hears('1.lost-by-the-server')
      await proxy.close()
    })

    test('X04 Redis hangs: that is noticed within a second, and what was said meanwhile arrives afterwards', async () => {
      const [one, two] = [await openBus(), await openBus()]
      const listener = await listenTo(two)
      await listener.becomes('connected')
      await sleep(1_000)
      server.pause()
      const pausedAt = performance.now()
      await listener.becomes('lost')
      console.info(`the hang was noticed after ${(performance.now() - pausedAt).toFixed(0)} ms`)
      const sent = one.publish('1.meanwhile')
      await sleep(500)
      server.resume()
      await listener.becomes('connected')
      await listener.hears('1.meanwhile')
      await sent
      const last = listener.last()
      // Nothing was lost, and it says so.
      expect(last.is === 'connected' && last.at - last.delivered).toBeLessThan(pausedAt)
    })

    test('X04 Redis hangs for longer than a connection is waited for', async () => {
      const [one, two] = [await openBus(), await openBus()]
      const listener = await listenTo(two)
      await listener.becomes('connected')
      server.pause()
      const sent = one.publish('1.meanwhile')
      await sleep(5_000)
      server.resume()
      await listener.hears('1.meanwhile')
      await listener.becomes('connected')
      await sent
    })

    test('the other side vanishes without a word: another connection is opened', async () => {
      const proxy = await openProxy(server.port)
      const [one, two] = [await openBus(), await openBus(proxy.port)]
      const listener = await listenTo(two)
      await listener.becomes('connected')
      proxy.swallow()
      await listener.becomes('lost')
      await one.publish('1.meanwhile')
      await proxy.restore()
      await listener.hears('1.meanwhile')
      await listener.becomes('connected')
      await proxy.close()
    })

    test('the stream was trimmed past what an instance had read: it says since when it has all', async () => {
      const proxy = await openProxy(server.port)
      const [opened, other] = [await open(server.port), await open(proxy.port)]
      clients.push(opened, other)
      const one = redisBus(opened.client, { logger: SILENT, maxMessages: 1 })
      const two = redisBus(other.client, { logger: SILENT })
      buses.push(one, two)
      const listener = await listenTo(two)
      await listener.becomes('connected')
      await proxy.cut()
      await listener.becomes('lost')
      const first = performance.now()
      await one.publish(`1.first`)
      await sleep(50)
      for (let index = 0; index < 20; index++) await one.publish(`1.${'x'.repeat(5_000)}${index}`)
      expect(Number(await opened.send('XLEN', 'latchkey:bus'))).toBeLessThan(20)
      await proxy.restore()
      await listener.becomes('connected')
      const last = listener.last()
      expect(listener.heard).not.toContain('1.first')
      expect(last.is === 'connected' && last.at - last.delivered).toBeGreaterThan(first)
      await proxy.close()
    })

    test('an operator deletes the stream: that is noticed, and messages arrive as before', async () => {
      const [one, two] = [await openBus(), await openBus()]
      const listener = await listenTo(two)
      await one.publish('1.before')
      await listener.hears('1.before')
      const losses = listener.losses()
      await clients[0]?.send('DEL', 'latchkey:bus')
      await one.publish('1.after')
      await listener.hears('1.after')
      await expect.poll(listener.losses, { timeout: 10_000 }).toBeGreaterThan(losses)
      await listener.becomes('connected')
    })

    test('a new instance begins with the history that is kept', async () => {
      const one = await openBus()
      const at = performance.now()
      await one.publish('1.first')
      await sleep(300)
      await one.publish('1.second')
      const listener = await listenTo(await openBus())
      expect(listener.heard).toEqual(['1.first', '1.second'])
      const last = listener.last()
      if (last.is !== 'connected') throw new Error('it is not connected')
      expect(last.delivered).toBeGreaterThan(250)
      expect(last.at - last.delivered).toBeGreaterThanOrEqual(at)
    })

    test('what somebody else writes there is passed on as text, or ignored, and keeps back nothing', async () => {
      const [one, two] = [await openBus(), await openBus()]
      const listener = await listenTo(two)
      const [{ send } = { send: async () => null }] = clients
      await send('XADD', 'latchkey:bus', '*', 'm', 'forged')
      await send('XADD', 'latchkey:bus', '*', 'foreign', 'field')
      await send('XADD', 'latchkey:bus', '*', 'm', '1.forged', 'p', '9-9', 'r', 'nobody')
      await one.publish('1.a')
      await listener.hears('1.a')
      expect(listener.heard).toEqual(['forged', '1.forged', '1.a'])
      await listener.becomes('connected')
    })

    test('a key of another kind is no stream: nothing is delivered, and nothing throws', async () => {
      const opened = await open(server.port)
      clients.push(opened)
      await opened.send('SET', 'latchkey:bus', 'text')
      const listener = await listenTo(await openBus())
      expect(listener.last().is).toBe('lost')
      await opened.send('DEL', 'latchkey:bus')
      await listener.becomes('connected')
    })

    test('everything it keeps expires', async () => {
      const one = await openBus()
      await one.publish('1.a')
      const left = Number(await clients[0]?.send('PTTL', 'latchkey:bus'))
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(3_600_000)
      expect(await clients[0]?.send('KEYS', '*')).toEqual(['latchkey:bus'])
    })
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisCounter } from '../../src/index.ts'
import { CLIENTS, type OpenedClient } from '../support/clients.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'

const RULE = { limit: 1_000_000, window: 900_000 }
const NOW = new Date()

describeWithRedis('attempts in Redis', () => {
  let server: OwnRedis
  let opened: readonly OpenedClient[] = []
  beforeAll(async () => {
    server = await startRedis()
    opened = await Promise.all(CLIENTS.map(({ open }) => open(server.port)))
  })
  afterAll(async () => {
    for (const { close } of opened) close()
    await server.drop()
  })

  /** How often clients have asked so far: each is a round trip. What a script does within the server is none. */
  const countCalls = async () => {
    const text = String(await opened[0]?.send('INFO', 'commandstats'))
    const calls = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(text)?.[1] ?? 0)
    return calls('eval') + calls('evalsha')
  }

  test('100,000 attempts are at most 100,000 round trips, and 64 callers at once lose no count', async () => {
    const before = await countCalls()
    const counters = opened.map(({ client }) => redisCounter(client, { prefix: 'figures:' }))
    const keys = Array.from({ length: 1_000 }, (_, index) => String(index).padStart(43, 'k'))
    let started = 0
    const call = async (caller: number) => {
      const counter = counters[caller % counters.length]
      for (let attempt = started++; attempt < 100_000; attempt = started++)
        await counter?.consume(keys[attempt % keys.length] ?? '', RULE, NOW)
    }
    const begin = performance.now()
    await Promise.all(Array.from({ length: 64 }, (_, caller) => call(caller)))
    const seconds = (performance.now() - begin) / 1_000
    console.info(
      `100,000 attempts by 64 callers: ${seconds.toFixed(1)} s, ${((await countCalls()) - before) / 100_000} round trips each`,
    )

    expect((await countCalls()) - before).toBeLessThanOrEqual(100_000)
    for (const key of keys) expect(await opened[0]?.send('HGET', `figures:attempts:${key}`, 'c')).toBe('100')
  }, 300_000)

  test('of 64 callers at once on one key, as many are allowed as the limit says, by both clients together', async () => {
    const rule = { limit: 10, window: 60_000 }
    const attempts = Array.from({ length: 64 }, async (_, caller) => {
      const { client } = opened[caller % opened.length] ?? {}
      if (!client) throw new Error('no client is open')
      return redisCounter(client, { prefix: 'at-once:' }).consume('k', rule, NOW)
    })
    expect((await Promise.all(attempts)).filter(({ allowed }) => allowed)).toHaveLength(10)
  })

  test('every key expires with its window', async () => {
    const [one] = opened
    if (!one) throw new Error('no client is open')
    await redisCounter(one.client, { prefix: 'expires:' }).consume('k', { limit: 1, window: 60_000 }, NOW)
    const left = Number(await one.send('PTTL', 'expires:attempts:k'))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test('a server that forgets the script is sent it again', async () => {
    const [one] = opened
    if (!one) throw new Error('no client is open')
    const counter = redisCounter(one.client, { prefix: 'script:' })
    expect((await counter.consume('k', { limit: 2, window: 60_000 }, NOW)).allowed).toBe(true)
    await one.send('SCRIPT', 'FLUSH')
    expect((await counter.consume('k', { limit: 2, window: 60_000 }, NOW)).allowed).toBe(true)
    expect((await counter.consume('k', { limit: 2, window: 60_000 }, NOW)).allowed).toBe(false)
  })
})

import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAuth, credentials, memoryAdapter, type Schema } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { redisBus, redisCounter, withRedisCache } from '../../src/index.ts'
import { CLIENTS, type OpenedClient } from '../support/clients.ts'
import { PATIENCE } from '../support/listener.ts'
import { startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'

const SECRET = 'a secret of these tests: 0123456789abcdef'
const ORIGIN = 'http://localhost:3000'
const SILENT = { error: () => {}, warn: () => {} }
const STORE = memoryAdapter

const INPUT: Schema<{ readonly name: string; readonly password: string }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { name, password } = { name: '', password: '', ...Object(value) }
      return { value: { name: String(name), password: String(password) } }
    },
  },
}

/** An instance of an app over real HTTP, with all three parts on one Redis. */
async function openInstance({ client }: OpenedClient, store: ReturnType<typeof STORE>) {
  const auth = createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    adapter: withRedisCache(store, client, { secret: SECRET }),
    bus: redisBus(client, { logger: SILENT }),
    limits: { counter: redisCounter(client), signIn: { perIdentifier: 3 } },
    session: { strategy: 'database' },
    providers: [
      credentials({
        input: INPUT,
        identify: ({ name }) => name,
        authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
      }),
    ],
    logger: SILENT,
  })
  const server = createServer(toNodeHandler(auth.handler)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address of this kind.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth`
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await auth.close()
  })
  const post = (path: string, cookie: string, body?: object) =>
    fetch(url + path, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json', cookie },
      ...(body && { body: JSON.stringify(body) }),
    })
  return {
    signIn: (name: string, password: string) => post('/signin/credentials', '', { name, password }),
    signOut: (cookie: string) => post('/signout', cookie),
    isSignedIn: async (cookie: string) => {
      const response = await fetch(`${url}/session`, { headers: { cookie } })
      return response.status === 200 && (await response.json()) !== null
    },
  }
}

const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')

describeWithRedis('an app on Redis', () => {
  describe.each(CLIENTS)('$name', ({ open }) => {
    const openTwo = async () => {
      const redis = await startRedis()
      onTestFinished(redis.drop)
      const [first, second] = [await open(redis.port), await open(redis.port)]
      onTestFinished(() => [first, second].forEach(({ close }) => close()))
      const store = STORE()
      return { redis, one: await openInstance(first, store), two: await openInstance(second, store) }
    }

    test('X08 what is ended on one instance, the other refuses at the next read', async () => {
      const { one, two } = await openTwo()
      for (let trial = 0; trial < 20; trial++) {
        const cookie = cookieOf(await one.signIn(`ada-${trial}`, 'right'))
        expect([await one.isSignedIn(cookie), await two.isSignedIn(cookie)]).toEqual([true, true])
        expect((await one.signOut(cookie)).status).toBe(200)
        expect(await two.isSignedIn(cookie)).toBe(false)
      }
    })

    test('X02 instances share their limits; Redis is killed: sign-ins work, limits hold, sessions stay; it comes back: all by itself', async () => {
      const { redis, one, two } = await openTwo()
      const cookie = cookieOf(await one.signIn('ada', 'right'))
      const guess = async (instance: typeof one, name: string) => (await instance.signIn(name, 'wrong')).status
      expect([await guess(one, 'bob'), await guess(two, 'bob'), await guess(one, 'bob')]).toEqual([401, 401, 401])
      expect([await guess(one, 'bob'), await guess(two, 'bob')]).toEqual([429, 429])

      await redis.kill()
      const times: number[] = []
      for (let attempt = 0; attempt < 20; attempt++) {
        const begin = performance.now()
        expect((await one.signIn(`eve-${attempt}`, 'right')).status).toBe(200)
        times.push(performance.now() - begin)
      }
      times.sort((a, b) => a - b)
      console.info(
        `sign-ins without Redis: p50 ${times[10]?.toFixed(0)} ms, p100 ${times[19]?.toFixed(0)} ms, 20 of 20`,
      )
      const guesses: number[] = []
      for (let attempt = 0; attempt < 5; attempt++) guesses.push(await guess(one, 'carl'))
      expect(guesses).toEqual([401, 401, 401, 429, 429])
      expect([await one.isSignedIn(cookie), await two.isSignedIn(cookie)]).toEqual([true, true])

      await redis.start()
      const begin = performance.now()
      let name = 0
      // Shared again: what one instance has counted, the other refuses.
      await expect
        .poll(
          async () => {
            name++
            for (let attempt = 0; attempt < 3; attempt++) await guess(one, `dan-${name}`)
            return guess(two, `dan-${name}`)
          },
          { ...PATIENCE, interval: 100 },
        )
        .toBe(429)
      console.info(`limits were shared again ${(performance.now() - begin).toFixed(0)} ms after the start`)
      const other = cookieOf(await one.signIn('fay', 'right'))
      expect(await two.isSignedIn(other)).toBe(true)
      await one.signOut(other)
      expect(await two.isSignedIn(other)).toBe(false)
    })
  })
})

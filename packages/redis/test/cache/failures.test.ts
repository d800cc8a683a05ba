import { type CompleteAdapter, memoryAdapter } from '@latchkey/core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { addSession, addUser, minutes } from '../../../core/test/adapter/support.ts'
import { withRedisCache } from '../../src/index.ts'
import { CLIENTS, type OpenedClient } from '../support/clients.ts'
import { PATIENCE } from '../support/listener.ts'
import { openProxy } from '../support/proxy.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'
import { CACHE_OPTIONS, watchClient, watchStore } from './support.ts'

const EMAIL = 'ada@example.com'

describeWithRedis('the cache of sessions', () => {
  describe.each(CLIENTS)('$name', ({ open }) => {
    let server: OwnRedis
    let opened: OpenedClient
    beforeAll(async () => {
      server = await startRedis()
      opened = await open(server.port)
    })
    afterAll(async () => {
      opened.close()
      await server.drop()
    })
    beforeEach(() => opened.send('FLUSHALL'))

    /** An instance, and a session in its store. */
    const openInstance = async (
      send = opened.send,
      options: Partial<typeof CACHE_OPTIONS> | { timeout: number } = {},
    ) => {
      const store = watchStore(memoryAdapter())
      const client = watchClient(send)
      const adapter = withRedisCache(store.adapter, client.client, { ...CACHE_OPTIONS, ...options })
      const session = await addSession(() => store.adapter, (await addUser(() => store.adapter, { email: EMAIL })).id)
      const read = () => adapter.getSessionAndUser(session.sessionToken)
      /** Puts the row into Redis. */
      const fill = async () => {
        await read()
        await client.isIdle()
        return String(await opened.send('KEYS', 'latchkey:session:*'))
      }
      return { store, client, adapter, session, read, fill }
    }

    test('what is in Redis names nobody, and everything expires', async () => {
      const { fill, session, read } = await openInstance()
      const key = await fill()
      const keys = await opened.send('KEYS', '*')
      if (!Array.isArray(keys)) throw new TypeError('no list of keys')
      expect(keys.length).toBeGreaterThan(1)
      for (const each of keys) expect(Number(await opened.send('PTTL', String(each)))).toBeGreaterThan(0)
      const held = `${keys.join()} ${String(await opened.send('GET', key))}`
      for (const secret of [EMAIL, session.userId, session.id, session.sessionToken]) expect(held).not.toContain(secret)
      expect((await read())?.user.email).toBe(EMAIL)
    })

    test.each([
      { entry: 'as it was', forge: (value: string) => value, isTaken: true },
      {
        entry: 'changed by a letter',
        forge: (value: string) => value.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      },
      { entry: 'not sealed', forge: (value: string) => value.replace(/[^:]+$/, '{"session":{}}') },
      { entry: 'of another server', forge: (value: string) => value.replace(/^e:\w+/, 'e:0000') },
      { entry: 'something else', forge: () => 'x' },
      { entry: 'empty', forge: () => '' },
    ])('an entry that is $entry', async ({ forge, isTaken = false }) => {
      const { fill, read, store } = await openInstance()
      const key = await fill()
      await opened.send('SET', key, forge(String(await opened.send('GET', key))))
      expect((await read())?.user.email).toBe(EMAIL)
      expect(store.reads()).toBe(isTaken ? 1 : 2)
    })

    test('a row under another session’s key opens nothing', async () => {
      const [one, two] = [await openInstance(), await openInstance()]
      const key = await one.fill()
      const value = String(await opened.send('GET', key))
      await opened.send('FLUSHALL')
      const other = await two.fill()
      await opened.send('SET', other, value)
      expect((await two.read())?.session.id).toBe(two.session.id)
      expect(two.store.reads()).toBe(2)
    })

    test('S10 a server that comes back with an older state brings no ended session back', async () => {
      const { fill, read, adapter, session } = await openInstance()
      await fill()
      await opened.send('SAVE')
      await adapter.revokeSession({ id: session.id, userId: session.userId, now: minutes(1) })
      await server.kill()
      await server.start()
      await expect.poll(() => opened.send('PING').catch(() => null), PATIENCE).toBe('PONG')
      expect(await opened.send('KEYS', 'latchkey:session:*')).toHaveLength(1)
      expect((await read())?.session.revokedAt).toEqual(minutes(1))
    })

    test('a Redis that hangs is waited for once, and then a second later again', async () => {
      const { fill, read, store, client } = await openInstance(opened.send, { timeout: 0.05 })
      await fill()
      server.pause()
      onTestFinished(server.resume)
      const { length } = await Promise.all([read(), read()])
      for (let more = 0; more < 50; more++) await read()
      // None of them failed, and all asked the store.
      expect(store.reads()).toBeGreaterThanOrEqual(length + 50)
      server.resume()
      await expect
        .poll(async () => {
          const before = store.reads()
          await read()
          await client.isIdle()
          return store.reads() - before
        }, PATIENCE)
        .toBe(0)
    })

    test('S10 an instance that cannot reach Redis for a moment tells the others as soon as it can', async () => {
      const proxy = await openProxy(server.port)
      const cut = await open(proxy.port)
      onTestFinished(async () => {
        cut.close()
        await proxy.close()
      })
      const { store, session, fill, read } = await openInstance()
      const other = withRedisCache(store.adapter, watchClient(cut.send).client, CACHE_OPTIONS)
      await fill()
      await proxy.cut()
      await other.revokeSession({ id: session.id, userId: session.userId, now: minutes(1) })
      await proxy.restore()
      await expect.poll(async () => (await read())?.session.revokedAt, PATIENCE).toEqual(minutes(1))
    })

    test('a row with an object of a class is not kept: it would come back as another', async () => {
      const { session, client } = await openInstance()
      const user = { id: session.userId, url: new URL('http://localhost') }
      const store: CompleteAdapter = { ...memoryAdapter(), getSessionAndUser: async () => ({ session, user }) }
      const cached = withRedisCache(store, client.client, CACHE_OPTIONS)
      await cached.getSessionAndUser(session.sessionToken)
      await client.isIdle()
      expect((await cached.getSessionAndUser(session.sessionToken))?.user).toEqual(user)
    })
  })

  test.each([
    { option: 'no secret', options: { secret: '' } },
    { option: 'a short secret', options: { secret: 'short' } },
    { option: 'an endless age', options: { ...CACHE_OPTIONS, maxAge: 0 } },
    { option: 'no time', options: { ...CACHE_OPTIONS, timeout: 0 } },
  ])('$option is refused when the adapter is made', ({ options }) => {
    const client = { call: async () => null }
    expect(() => withRedisCache(memoryAdapter(), client, CACHE_OPTIONS)).not.toThrow()
    expect(() => withRedisCache(memoryAdapter(), client, options)).toThrow(/withRedisCache\./)
  })
})

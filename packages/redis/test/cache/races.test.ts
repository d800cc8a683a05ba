import { memoryAdapter, type SessionAdapter, type StoredSession } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionOf } from '../../../core/test/adapter/support.ts'
import { withRedisCache } from '../../src/index.ts'
import { endWrite, markUser, noteSession, putRow } from '../../src/cache/scripts.ts'
import { CLIENTS, type OpenedClient } from '../support/clients.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'
import { CACHE_OPTIONS, watchClient, watchStore } from './support.ts'

const LATER = new Date('2026-03-01T12:10:00Z')
const EXPIRES = new Date('2026-03-01T14:00:00Z')

interface Write {
  readonly name: string
  readonly isOfUser: boolean
  readonly run: (adapter: SessionAdapter, session: StoredSession) => Promise<unknown>
}

const WRITES: readonly Write[] = [
  {
    name: 'revokeSession',
    isOfUser: true,
    run: (adapter, { id, userId }) => adapter.revokeSession({ id, userId, now: LATER }),
  },
  {
    name: 'revokeSessions',
    isOfUser: true,
    run: (adapter, { userId }) => adapter.revokeSessions({ userId, now: LATER }),
  },
  { name: 'updateUser', isOfUser: true, run: (adapter, { userId: id }) => adapter.updateUser({ id, name: 'Eve' }) },
  { name: 'deleteUser', isOfUser: true, run: (adapter, { userId }) => adapter.deleteUser(userId) },
  {
    name: 'rotateSession',
    isOfUser: false,
    run: (adapter, { sessionToken }) =>
      adapter.rotateSession({ sessionToken, from: 0, to: 1, expires: EXPIRES, now: LATER }),
  },
  {
    name: 'writeSessionClaims',
    isOfUser: false,
    run: (adapter, { sessionToken }) =>
      adapter.writeSessionClaims({ sessionToken, revision: 0, claims: { org: 'globex' } }),
  },
  {
    name: 'slideSession',
    isOfUser: false,
    run: (adapter, { sessionToken }) => adapter.slideSession({ sessionToken, expires: EXPIRES, lastSeenAt: LATER }),
  },
  {
    name: 'deleteSession',
    isOfUser: false,
    run: (adapter, { sessionToken }) => adapter.deleteSession(sessionToken, EXPIRES),
  },
]

describeWithRedis('a cache of sessions in Redis', () => {
  let server: OwnRedis
  let opened: readonly [OpenedClient, OpenedClient]
  beforeAll(async () => {
    server = await startRedis()
    const [kind] = CLIENTS
    if (!kind) throw new Error('there is no client')
    opened = [await kind.open(server.port), await kind.open(server.port)]
  })
  afterAll(async () => {
    for (const { close } of opened) close()
    await server.drop()
  })

  /** Two instances on one store and one Redis: the first reads, the second writes. And a session. */
  const openInstances = async () => {
    const store = watchStore(memoryAdapter())
    const options = { ...CACHE_OPTIONS, prefix: `test:${crypto.randomUUID()}:` }
    const clients = [watchClient(opened[0].send), watchClient(opened[1].send)] as const
    const [reader, writer] = clients.map(({ client }) => withRedisCache(store.adapter, client, options))
    if (!reader || !writer) throw new Error('there are no instances')
    const user = await store.adapter.createUser({ id: crypto.randomUUID(), name: 'Ada' })
    const session = sessionOf(user.id)
    await store.adapter.createSession(session)
    const read = (from = reader) => from.getSessionAndUser(session.sessionToken)
    /** The next read of each instance finds what the store has. */
    const expectTruth = async () => {
      const truth = await store.read(session.sessionToken)
      for (const from of [reader, writer, reader]) {
        expect(await read(from)).toEqual(truth)
        await clients[0].isIdle()
        await clients[1].isIdle()
      }
    }
    return { store, clients, reader, writer, session, read, expectTruth }
  }

  test('a row is read from the store once, and then by every instance from Redis', async () => {
    const { store, clients, read, writer } = await openInstances()
    const first = await read()
    await clients[0].isIdle()
    expect(await read()).toEqual(first)
    expect(await read(writer)).toEqual(first)
    expect(store.reads()).toBe(1)
  })

  describe.each(WRITES)('$name', ({ run, isOfUser }) => {
    test('S10 a row that is cached is not found after it', async () => {
      const { read, clients, writer, session, expectTruth } = await openInstances()
      await read()
      await clients[0].isIdle()
      await run(writer, session)
      await expectTruth()
    })

    test('S10 a reader that has read the store before it puts nothing after it', async () => {
      const { store, read, clients, writer, session, expectTruth } = await openInstances()
      const stop = store.stopAfterRead()
      const reading = read()
      await stop.isReached
      await run(writer, session)
      stop.release()
      await reading
      await clients[0].isIdle()
      await expectTruth()
    })

    test('S10 a reader that has read the store, and begins to put before it, puts nothing after it', async () => {
      for (const step of [noteSession, putRow]) {
        const { read, clients, writer, session, expectTruth } = await openInstances()
        const stop = clients[0].stopBefore(step)
        await read()
        await stop.isReached
        await run(writer, session)
        stop.release()
        await clients[0].isIdle()
        await expectTruth()
      }
    })

    test('S10 a reader that comes while it is being written puts nothing', async () => {
      const { store, read, clients, writer, session, expectTruth } = await openInstances()
      await read()
      await clients[0].isIdle()
      const stop = store.stopBeforeWrite()
      const writing = run(writer, session)
      await stop.isReached
      await read()
      await clients[0].isIdle()
      stop.release()
      await writing
      await expectTruth()
    })

    test('S10 an instance that dies right after it has written leaves no old row', async () => {
      const { store, read, clients, writer, session, expectTruth } = await openInstances()
      await read()
      await clients[0].isIdle()
      const before = store.stopBeforeWrite()
      const writing = run(writer, session)
      await before.isReached
      // From here on nothing of this instance reaches Redis.
      const end = clients[1].stopBefore(isOfUser ? markUser : endWrite)
      before.release()
      await end.isReached
      await read()
      await clients[0].isIdle()
      expect(await read()).toEqual(await store.read(session.sessionToken))
      end.release()
      await writing
      await expectTruth()
    })

    test('S10 two at once leave no old row', async () => {
      const { store, read, clients, reader, writer, session, expectTruth } = await openInstances()
      await read()
      await clients[0].isIdle()
      const stop = store.stopBeforeWrite()
      const slow = run(writer, session).catch(() => {})
      await stop.isReached
      await run(reader, session)
      await read()
      await clients[0].isIdle()
      stop.release()
      await slow
      await expectTruth()
    })
  })
})

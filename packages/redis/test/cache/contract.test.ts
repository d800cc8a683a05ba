import { type CompleteAdapter, memoryAdapter } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { afterAll, beforeAll } from 'vitest'
import { describeSessionAdapter, type OpenedAdapter } from '../../../core/test/adapter-contract.ts'
import { createSqlite } from '../../../kysely/test/support/sqlite.ts'
import { withRedisCache } from '../../src/index.ts'
import { CLIENTS } from '../support/clients.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'
import { CACHE_OPTIONS } from './support.ts'

async function openMemory(): Promise<OpenedAdapter> {
  return { adapter: atDistance(memoryAdapter()), close: async () => {} }
}

/** A store within the process responds before anything else can happen, Redis included: here it takes a turn of the event loop. */
function atDistance(store: CompleteAdapter): CompleteAdapter {
  return new Proxy(store, {
    get: (target, name): unknown => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || name === 'table') return method
      return async (...args: unknown[]): Promise<unknown> => {
        await new Promise((resolve) => setImmediate(resolve))
        return method.apply(target, args)
      }
    },
  })
}

async function openSqlite(): Promise<OpenedAdapter> {
  const database = await createSqlite()
  const db = database.connect()
  await migrateToLatest(db)
  return { adapter: atDistance(kyselyAdapter(db, { writeTimeout: '30s' })), close: database.drop }
}

describeWithRedis('an adapter with a cache in Redis', () => {
  let server: OwnRedis
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.drop())

  for (const { name, open } of CLIENTS) {
    for (const [store, openStore] of [
      ['memory', openMemory],
      ['Kysely on SQLite', openSqlite],
    ] as const) {
      describeSessionAdapter(`${store}, cached in Redis by ${name}`, async () => {
        const { adapter, close } = await openStore()
        const { client, close: closeClient } = await open(server.port)
        const options = { ...CACHE_OPTIONS, prefix: `test:${crypto.randomUUID()}:` }
        return {
          adapter: withRedisCache(adapter, client, options),
          close: async () => {
            closeClient()
            await close()
          },
        }
      })
    }
  }

  describeSessionAdapter('memory, cached in Redis by two instances that take turns', async () => {
    const adapter = atDistance(memoryAdapter())
    const prefix = `test:${crypto.randomUUID()}:`
    const clients = await Promise.all(CLIENTS.map(({ open }) => open(server.port)))
    const instances = clients.map(({ client }) => withRedisCache(adapter, client, { ...CACHE_OPTIONS, prefix }))
    return {
      adapter: takeTurns(instances),
      close: async () => clients.forEach(({ close }) => close()),
    }
  })
})

/** Each look at a method is another instance's. */
function takeTurns(instances: readonly CompleteAdapter[]): CompleteAdapter {
  let turn = 0
  const [first] = instances
  if (!first) throw new Error('there is no instance')
  return new Proxy(first, {
    get: (_target, name): unknown => Reflect.get(instances[turn++ % instances.length] ?? first, name),
  })
}

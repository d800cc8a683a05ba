import { afterAll, beforeAll } from 'vitest'
import { describeRemoteBus } from '../../../core/test/bus-contract.ts'
import { redisBus } from '../../src/index.ts'
import { CLIENTS, OLDER_CLIENTS } from '../support/clients.ts'
import { openProxy } from '../support/proxy.ts'
import { describeWithRedis } from '../support/services.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'

const SILENT = { error: () => {}, warn: () => {} }

describeWithRedis('a bus on Redis', () => {
  let server: OwnRedis
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.drop())

  for (const { name, open } of [...CLIENTS, ...OLDER_CLIENTS]) {
    describeRemoteBus(`Redis by ${name}`, async () => {
      const prefix = `test:${crypto.randomUUID()}:`
      const proxies = [await openProxy(server.port), await openProxy(server.port)] as const
      const clients = [await open(proxies[0].port), await open(proxies[1].port)] as const
      const openEnd = (end: 0 | 1) => redisBus(clients[end].client, { prefix, logger: SILENT })
      const ends = [openEnd(0), openEnd(1)] as const
      return {
        ends,
        interrupt: async (end) => {
          await proxies[end].cut()
          return proxies[end].restore
        },
        close: async () => {
          for (const end of ends) await end.close?.()
          for (const { close } of clients) close()
          for (const { close } of proxies) await close()
        },
      }
    })
  }
})

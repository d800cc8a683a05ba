import { afterAll, beforeAll } from 'vitest'
import { describeAttemptCounter } from '../../../core/test/attempt-counter-contract.ts'
import { redisCounter } from '../../src/index.ts'
import { CLIENTS, OLDER_CLIENTS } from '../support/clients.ts'
import { type OwnRedis, startRedis } from '../support/own-redis.ts'
import { describeWithRedis } from '../support/services.ts'

describeWithRedis('a counter in Redis', () => {
  let server: OwnRedis
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.drop())

  for (const { name, open } of [...CLIENTS, ...OLDER_CLIENTS]) {
    describeAttemptCounter(`Redis by ${name}`, async () => {
      const { client, close } = await open(server.port)
      const counter = redisCounter(client, { prefix: `test:${crypto.randomUUID()}:` })
      return { counter, close: async () => close() }
    })
  }
})

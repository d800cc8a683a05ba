import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeRemoteBus } from '../../../core/test/bus-contract.ts'
import { openProxy } from '../../../redis/test/support/proxy.ts'
import { postgresBus } from '../../src/index.ts'
import { describeWith, findPostgres } from '../services.ts'
import { findServerPrograms, type OwnPostgres, startPostgres } from '../support/own-postgres.ts'
import { follow, SILENT } from './follow.ts'

const service = await findPostgres()

const openChannel = () => `latchkey_${randomBytes(6).toString('hex')}`

describeWith(service, 'a bus on PostgreSQL', () => {
  describeRemoteBus('LISTEN and NOTIFY', async () => {
    const channel = openChannel()
    const port = Number(new URL(service.url).port)
    const proxies = [await openProxy(port), await openProxy(port)] as const
    const openEnd = (end: 0 | 1) => {
      const address = new URL(service.url)
      address.port = String(proxies[end].port)
      return postgresBus(new Pool({ connectionString: address.href }), { channel, logger: SILENT })
    }
    const ends = [openEnd(0), openEnd(1)] as const
    return {
      ends,
      interrupt: async (end) => {
        await proxies[end].cut()
        return proxies[end].restore
      },
      close: async () => {
        await Promise.all(ends.map((end) => end.close?.()))
        await Promise.all(proxies.map(({ close }) => close()))
      },
    }
  })

  describe('what PostgreSQL takes', () => {
    const pool = new Pool({ connectionString: service.url })
    const channel = openChannel()
    const [here, there] = [postgresBus(pool, { channel }), postgresBus(pool, { channel })]
    afterAll(async () => {
      await Promise.all([here.close?.(), there.close?.()])
      await pool.end()
    })

    test('messages of more than 8,000 bytes arrive whole, between others and in any characters', async () => {
      const { heard } = await follow(there)
      const messages = [7_998, 7_999, 8_000, 8_001, 40_000, 200_000].map((length) => `1.${'x'.repeat(length - 2)}`)
      messages.push('1.ä', `1.${'😀'.repeat(9_000)}`, '', '1.\n', '0.reserved', '1.last')
      await Promise.all(messages.map((message) => here.publish(message)))
      await expect.poll(() => heard.at(-1), { timeout: 10_000 }).toBe('1.last')
      expect(heard).toEqual(messages)
    })

    test('a message that is too long for every channel is refused, and keeps no other back', async () => {
      const { heard } = await follow(there)
      expect(() => here.publish(`1.${'x'.repeat(400_000)}`)).toThrow(TypeError)
      await here.publish('1.after')
      await expect.poll(() => heard).toEqual(['1.after'])
    })

    test('parts that somebody else writes are never put together to anything, and are not remembered for long', async () => {
      const { heard } = await follow(there)
      const part = (id: number, rest: string) => `0.part-${String(id).padStart(36, '0')}-${rest}`
      const strange = [
        '0.',
        '0.x',
        part(1, '0-0-YQ'),
        part(1, '5-2-YQ'),
        part(1, '0-99-YQ'),
        part(2, '0-1-/w'),
        part(3, '0-1-_w'),
      ]
      const halves = Array.from({ length: 100 }, (_, id) => part(id, '0-2-YQ'))
      for (const payload of [...strange, ...halves]) await pool.query('select pg_notify($1, $2)', [channel, payload])
      // Of the first half nothing is known any more; of the last one the other half makes a message.
      await pool.query('select pg_notify($1, $2)', [channel, part(0, '1-2-YQ')])
      await pool.query('select pg_notify($1, $2)', [channel, part(99, '1-2-YQ')])
      await here.publish('1.end')
      await expect.poll(() => heard.at(-1)).toBe('1.end')
      expect(heard).toEqual(['aa', '1.end'])
    })

    test('a message goes by the bus’s own connection: a pool that is all taken delays none', async () => {
      const small = new Pool({ connectionString: service.url, max: 1, connectionTimeoutMillis: 500 })
      const taken = await small.connect()
      const bus = postgresBus(small, { channel })
      const { heard } = await follow(bus)
      await bus.publish('1.a')
      await expect.poll(() => heard).toEqual(['1.a'])
      taken.release()
      await Promise.all([bus.close?.(), small.end()])
    })

    test('what is published before it is connected, and before it is closed, is sent', async () => {
      const { heard } = await follow(there)
      const bus = postgresBus(pool, { channel })
      const sent = bus.publish('1.early')
      await bus.close?.()
      await sent
      await expect.poll(() => heard).toContain('1.early')
      await expect(bus.publish('1.late')).rejects.toThrow('it is closed')
    })

    test('`connect` opens the connection instead of the pool', async () => {
      const connect = async () => {
        const client = new Client(service.url)
        await client.connect()
        return client
      }
      const bus = postgresBus({ options: {} }, { channel, connect })
      const { heard } = await follow(bus)
      await bus.publish('1.a')
      await expect.poll(() => heard).toContain('1.a')
      await bus.close?.()
    })

    test('a machine that vanishes, and ends no connection, is noticed', async () => {
      const proxy = await openProxy(Number(new URL(service.url).port))
      const address = new URL(service.url)
      address.port = String(proxy.port)
      const bus = postgresBus(new Pool({ connectionString: address.href }), { channel, logger: SILENT })
      const { said, heard } = await follow(bus)
      const vanishedAt = performance.now()
      proxy.swallow()
      await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('lost')
      report('lost after the machine vanished', vanishedAt)
      await proxy.restore()
      await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('connected 0')
      await here.publish('1.a')
      await expect.poll(() => heard).toContain('1.a')
      await bus.close?.()
      await proxy.close()
    })

    test('a connection on which nothing arrives, as behind a pooler, counts as none', async () => {
      const warned: unknown[] = []
      const connect = async () => {
        const client = new Client(service.url)
        await client.connect()
        client.on = () => client
        return client
      }
      const bus = postgresBus(pool, { channel, connect, logger: { ...SILENT, warn: (...line) => warned.push(line) } })
      const { said } = await follow(bus)
      expect(said).toEqual(['lost'])
      expect(warned).toHaveLength(1)
      expect(String((warned[0] as unknown[])[1])).toContain('pooler')
      await bus.close?.()
    })

    test.each([
      { wrong: 'no pool', open: () => postgresBus({ options: {} }), says: 'pool:' },
      { wrong: 'a channel in capitals', open: () => postgresBus(pool, { channel: 'Sessions' }), says: 'channel:' },
      { wrong: 'a channel that is SQL', open: () => postgresBus(pool, { channel: 'a; select 1' }), says: 'channel:' },
    ])('$wrong is refused', ({ open, says }) => {
      expect(() => postgresBus(pool, { channel: 'sessions_2' })).not.toThrow()
      expect(open).toThrow(says)
    })
  })
})

const programs = findServerPrograms()

describe.skipIf(!programs)('a bus whose PostgreSQL is killed, stands still and comes back', () => {
  let server: OwnPostgres
  let pool: Pool
  const opened: ReturnType<typeof postgresBus>[] = []
  const open = () => {
    const bus = postgresBus(pool, { logger: SILENT })
    opened.push(bus)
    return bus
  }

  beforeAll(async () => {
    server = await startPostgres(programs ?? '')
    pool = new Pool({ connectionString: server.url, connectionTimeoutMillis: 2_000 })
    pool.on('error', () => {})
  })
  afterEach(async () => {
    server.resumeAll()
    await Promise.all(opened.splice(0).map((bus) => bus.close?.()))
  })
  afterAll(async () => {
    await pool.end()
    await server.drop()
  })

  test('X01 killed: it says so, keeps what it is given, connects by itself and sends that', async () => {
    const [here, there] = [open(), open()]
    const [near, far] = [await follow(here), await follow(there)]
    await here.publish('1.before')
    await expect.poll(() => far.heard).toEqual(['1.before'])
    const killedAt = performance.now()
    await server.kill()
    await expect.poll(() => [near.said.at(-1), far.said.at(-1)], { timeout: 10_000 }).toEqual(['lost', 'lost'])
    report('lost after kill -9', killedAt)
    const sent = here.publish('1.meanwhile')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await server.restart()
    const acceptsAt = performance.now()
    await expect
      .poll(() => [near.said.at(-1), far.said.at(-1)], { timeout: 10_000 })
      .toEqual(['connected 0', 'connected 0'])
    report('connected after the server accepts', acceptsAt)
    await sent
    await here.publish('1.after')
    await expect.poll(() => far.heard.at(-1), { timeout: 10_000 }).toBe('1.after')
    expect(near.said).toEqual(['lost', 'connected 0', 'lost', 'connected 0'])
  })

  test('X04 stopped: a server that hangs is noticed, and what was on its way arrives afterwards', async () => {
    const [here, there] = [open(), open()]
    const [near, far] = [await follow(here), await follow(there)]
    const stoppedAt = performance.now()
    server.pauseAll()
    const sent = here.publish('1.while it hangs')
    await expect.poll(() => [near.said.at(-1), far.said.at(-1)], { timeout: 10_000 }).toEqual(['lost', 'lost'])
    report('lost after SIGSTOP', stoppedAt)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    server.resumeAll()
    const goesOnAt = performance.now()
    await expect
      .poll(() => [near.said.at(-1), far.said.at(-1)], { timeout: 10_000 })
      .toEqual(['connected 0', 'connected 0'])
    report('connected after SIGCONT', goesOnAt)
    await sent
  })

  test('a server that is away at first fails nothing', async () => {
    await server.kill()
    const bus = open()
    const startedAt = performance.now()
    const { said, heard } = await follow(bus)
    expect(said).toEqual(['lost'])
    report('subscribed without a server', startedAt)
    const sent = bus.publish('1.a')
    await server.restart()
    await sent
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['1.a'])
    expect(said).toEqual(['lost', 'connected 0'])
  })
})

function report(what: string, since: number): void {
  console.log(`${what}: ${Math.round(performance.now() - since)} ms`)
}

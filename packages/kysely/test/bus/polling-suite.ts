import { type CompiledQuery, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeRemoteBus } from '../../../core/test/bus-contract.ts'
import { openMessageRows } from '../../src/bus/polling/message-rows.ts'
import { busTables, pollingBus } from '../../src/index.ts'
import { migrateTables } from '../../src/migrate.ts'
import type { Db, TestDatabase } from '../support/database.ts'
import { explainAll, READS_ALL } from '../support/queries.ts'
import { openWay } from './way.ts'
import { follow, SILENT } from './follow.ts'

const TABLE = 'latchkey_bus_messages'
const FAST = { pollEvery: 0.02, logger: SILENT }

/** The bus contract, and what polling promises beside it, on an empty database. */
export function describePollingBus(name: string, create: () => Promise<TestDatabase>): void {
  describeRemoteBus(`polling ${name}`, async () => {
    const database = await create()
    await migrateTables(database.connect(), { plugins: [busTables] })
    const ways = [await openWay(database), await openWay(database)] as const
    const ends = [pollingBus(ways[0].db, FAST), pollingBus(ways[1].db, FAST)] as const
    return {
      ends,
      interrupt: async (end) => {
        await ways[end].cut()
        return ways[end].restore
      },
      close: async () => {
        await Promise.all(ends.map((end) => end.close?.()))
        await Promise.all(ways.map((way) => way.close()))
        await database.drop()
      },
    }
  })

  describe(`polling ${name}`, () => {
    let database: TestDatabase
    let db: Db
    const opened: ReturnType<typeof pollingBus>[] = []
    const open = (connection = database.connect(), options = {}) => {
      const bus = pollingBus(connection, { ...FAST, ...options })
      opened.push(bus)
      return bus
    }
    beforeAll(async () => {
      database = await create()
      db = database.connect()
      await migrateTables(db, { plugins: [busTables] })
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close?.()))
      await sql`delete from ${sql.table(TABLE)}`.execute(db)
    })
    afterAll(() => database.drop())

    const writeAll = async (
      rows: readonly { readonly id: string; readonly message: string; readonly sentAt: number }[],
    ) => {
      const values = rows.map(({ id, message, sentAt }) => ({
        id,
        message,
        sent_at: sentAt,
        expires_at: Date.now() + 60_000,
      }))
      await db.transaction().execute(async (trx) => {
        for (let start = 0; start < values.length; start += 100)
          await trx
            .insertInto(TABLE as never)
            .values(values.slice(start, start + 100))
            .execute()
      })
    }
    const write = (id: string, message: string, age: number) => writeAll([{ id, message, sentAt: Date.now() - age }])
    const many = (count: number, sentAt: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `id-${index}`, message: `1.${index}`, sentAt }))

    test('a new instance begins with the five minutes that are kept', async () => {
      await write('a', '1.old', 200_000)
      await write('b', '1.new', 1_000)
      const { heard, said } = await follow(open())
      expect(heard).toEqual(['1.old', '1.new'])
      expect(said).toEqual(['lost', 'connected 300'])
    })

    test('one statement per look, which finds its rows by an index', async () => {
      const log: CompiledQuery[] = []
      await writeAll(many(300, Date.now() - 100_000))
      await follow(open(database.connect((event) => void log.push(event.query))))
      const before = log.length
      await expect.poll(() => log.length).toBeGreaterThan(before + 2)
      expect(new Set(log.map((query) => query.sql)).size).toBe(1)
      const [dialect] = database.address
      const [plan] = await explainAll(database.connect(), dialect, [log.at(-1) as CompiledQuery])
      expect(plan?.replaceAll(/SCAN (?:CONSTANT ROW|latchkey_now|\(subquery-\d+\))/g, '')).not.toMatch(
        READS_ALL[dialect],
      )
      expect(plan).toMatch(
        { sqlite: /sent_at>/, postgres: /Index Cond: \(.*sent_at >=/, mysql: /"key": "PRIMARY"/ }[dialect],
      )
    })

    test('a message whose row comes late, after later ones, is not missed', async () => {
      const { heard } = await follow(open())
      await write('b', '1.second', 0)
      await expect.poll(() => heard).toEqual(['1.second'])
      await write('a', '1.first', 1_500)
      await expect.poll(() => heard).toEqual(['1.second', '1.first'])
    })

    test('of many messages each arrives once, also of a thousand with one time', async () => {
      const bus = open()
      const { heard } = await follow(bus)
      await writeAll(many(1_100, Date.now()))
      await Promise.all(Array.from({ length: 100 }, (_, index) => bus.publish(`1.p${index}`)))
      await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1_200)
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(heard).toHaveLength(1_200)
      expect(new Set(heard).size).toBe(1_200)
    })

    test('while the table can’t be read it says so, and then it has missed nothing', async () => {
      const bus = open()
      const { heard, said } = await follow(bus)
      await sql`alter table ${sql.table(TABLE)} rename to ${sql.table('moved')}`.execute(db)
      await expect.poll(() => said.at(-1)).toBe('lost')
      const sent = bus.publish('1.meanwhile')
      const values = sql`values (${Date.now()}, 'x', '1.of another', ${Date.now() + 60_000})`
      await sql`insert into ${sql.table('moved')} (sent_at, id, message, expires_at) ${values}`.execute(db)
      await sql`alter table ${sql.table('moved')} rename to ${sql.table(TABLE)}`.execute(db)
      await expect.poll(() => said.at(-1), { timeout: 10_000 }).toMatch(/^connected 30[0-9]$/)
      await sent
      await expect.poll(() => [...heard].sort(), { timeout: 10_000 }).toEqual(['1.meanwhile', '1.of another'])
      expect(said).toHaveLength(4)
    })

    test('whoever subscribes later is told of no time before', async () => {
      const bus = open()
      expect((await follow(bus)).said).toEqual(['lost', 'connected 300'])
      expect((await follow(bus)).said).toEqual([])
    })

    test('rows that have expired are deleted, and no others', async () => {
      const rows = openMessageRows(db)
      await writeAll(many(600, Date.now()))
      await sql`update ${sql.table(TABLE)} set expires_at = 1000`.execute(db)
      await write('stays', '1.stays', 0)
      await rows.removeExpired(Date.now())
      const left = await db
        .selectFrom(TABLE as never)
        .select('id' as never)
        .execute()
      expect(left).toEqual([{ id: 'stays' }])
    })
  })
}

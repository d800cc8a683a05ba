import { describe, expect, test, vi } from 'vitest'
import type { MessageRow, MessageRows, Place } from '../../src/bus/polling/message-rows.ts'
import { type Reading, readMessages } from '../../src/bus/polling/reader.ts'

// What a reader makes of the table's rows and of the database's clock.

/** A table, and a database whose clock goes as the test says. */
function openTable() {
  const kept: MessageRow[] = []
  let now = 1_000_000
  const rows: Pick<MessageRows, 'readAfter'> = {
    readAfter: async ({ sentAt, id }: Place) => ({
      now,
      isFull: false,
      rows: kept
        .filter((row) => row.sentAt > sentAt || (row.sentAt === sentAt && row.id > id))
        .sort((a, b) => a.sentAt - b.sentAt),
    }),
  }
  return {
    add: (message: string, age = 0) => kept.push({ sentAt: now - age, id: message, message }),
    /** Time goes on, for the database and for this process. */
    pass: (database: number, here = database) => {
      now += database
      vi.advanceTimersByTime(here)
    },
    read: (last: Reading | null) => readMessages(rows as MessageRows, last),
  }
}

describe('reading messages', () => {
  vi.useFakeTimers({ toFake: ['performance'] })

  test('gives each once, a late one too', async () => {
    const table = openTable()
    table.add('a', 60_000)
    let reading = await table.read(null)
    expect(reading.messages).toEqual(['a'])
    table.pass(500)
    table.add('c')
    reading = await table.read(reading)
    expect(reading.messages).toEqual(['c'])
    table.pass(500)
    table.add('b', 1_900)
    reading = await table.read(reading)
    expect(reading.messages).toEqual(['b'])
    table.pass(500)
    expect((await table.read(reading)).messages).toEqual([])
  })

  test('knows since when it has read everything', async () => {
    const table = openTable()
    let reading = await table.read(null)
    expect(performance.now() - reading.since).toBe(300_000)
    for (let times = 0; times < 10; times++) {
      table.pass(60_000)
      reading = await table.read(reading)
      expect(reading.isBroken).toBe(false)
    }
    expect(performance.now() - reading.since).toBe(900_000)
  })

  test('forgets the rows that it does not find again', async () => {
    const table = openTable()
    for (let index = 0; index < 100; index++) table.add(String(index))
    let reading = await table.read(null)
    expect(reading.seen.size).toBe(100)
    table.pass(5_000)
    reading = await table.read(reading)
    table.pass(5_000)
    expect((await table.read(reading)).seen.size).toBe(0)
  })

  test.each([
    { what: 'five minutes and no reading', database: 300_001, here: 300_001, since: 300_000 },
    { what: 'a clock that was set back', database: -3_000, here: 500, since: 0 },
    { what: 'a clock that was set forward', database: 60_500, here: 500, since: 0 },
    { what: 'a clock that stood still', database: 0, here: 30_000, since: 0 },
  ])('after $what something may be missed', async ({ database, here, since }) => {
    const table = openTable()
    const first = await table.read(null)
    table.pass(500)
    const second = await table.read(first)
    expect(second.isBroken).toBe(false)
    table.pass(database, here)
    const third = await table.read(second)
    expect(third.isBroken).toBe(true)
    expect(performance.now() - third.since).toBe(since)
    table.pass(500)
    const fourth = await table.read(third)
    expect(fourth.isBroken).toBe(false)
    expect(performance.now() - fourth.since).toBe(since + 500)
  })

  test('a clock that is set by half a second loses nothing', async () => {
    const table = openTable()
    const first = await table.read(null)
    table.pass(0, 500)
    table.add('a')
    const second = await table.read(first)
    expect(second).toMatchObject({ messages: ['a'], isBroken: false })
    table.pass(1_000, 500)
    table.add('b')
    expect(await table.read(second)).toMatchObject({ messages: ['b'], isBroken: false })
  })
})

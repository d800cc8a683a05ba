import { type Duration, type Logger, readDuration, type SessionBus } from '@latchkey/core'
import type { AnyKysely } from '../../database.ts'
import { createListeners } from '../listeners.ts'
import { createOutbox } from '../outbox.ts'
import { createSleep, unref } from '../sleep.ts'
import { within } from '../within.ts'
import { openMessageRows } from './message-rows.ts'
import { OVERLAP, type Reading, readMessages } from './reader.ts'

/** How {@link pollingBus} uses the database. */
export interface PollingBusOptions {
  /**
   * How often the table is read: seconds, or text with a unit. Each time costs one statement that finds its rows by an index, in each instance.
   *
   * @default '0.5s'
   */
  readonly pollEvery?: Duration
  /**
   * Told once for each time that the table can't be read.
   *
   * @default console
   */
  readonly logger?: Logger
}

/** Milliseconds that reading may take until messages count as lost; and until it is begun again. */
const PATIENCE = 1_000
const MAX_PATIENCE = 30_000
/** Milliseconds between two clean-ups, on average. */
const CLEAN_UP_EVERY = 60_000
/** How much goes into one statement. Cloudflare D1 takes a hundred values. */
const BATCH = { messages: 20, characters: 500_000 }

/**
 * Carries messages between instances by a table that each of them reads every half second: for MySQL, MariaDB, SQLite with several processes, and whatever
 * else Kysely speaks. Only the database's clock counts. A message is kept for five minutes: an instance that couldn't read for less has
 * missed nothing, and a new one begins with these five minutes. It deletes old rows itself, and keeps no process alive.
 *
 * The table comes from `migrateToLatest(db, { plugins: [busTables] })`.
 *
 * @throws TypeError if the dialect is not supported, AuthError `Configuration` if `pollEvery` is wrong
 * @example createAuth({ adapter, bus: pollingBus(db), … })
 */
export function pollingBus(db: AnyKysely, options: PollingBusOptions = {}): SessionBus {
  const { logger = console } = options
  const pollEvery = readDuration('pollEvery', options.pollEvery, '0.5s')
  const rows = openMessageRows(db)
  const listeners = createListeners(logger)
  const pause = createSleep()
  let last: Reading | null = null
  let hasWarned = false
  const closed = new AbortController()
  let nextCleanUp = performance.now() + CLEAN_UP_EVERY * Math.random()

  const outbox = createOutbox(async (messages) => {
    const startedAt = performance.now()
    await rows.insert(messages)
    // A row gets its time when it is written, and is seen later. If that took long, some may have missed it: then it is written again.
    if (performance.now() - startedAt > OVERLAP / 2) throw new Error('the database took too long to write')
  }, BATCH)

  const lose = (cause: unknown) => {
    if (closed.signal.aborted) return
    listeners.lost()
    if (!hasWarned) logger.warn(LOST, cause)
    hasWarned = true
  }
  const poll = async () => {
    const late = setTimeout(() => lose(new Error(`reading the table takes longer than ${PATIENCE} ms`)), PATIENCE)
    unref(late)
    try {
      const reading = await within(readMessages(rows, last), MAX_PATIENCE)
      last = reading
      if (closed.signal.aborted) return
      for (const message of reading.messages) listeners.deliver(message)
      if (reading.isBroken) listeners.lost()
      hasWarned = false
      listeners.connected(reading.since)
      outbox.retry()
    } catch (cause) {
      lose(cause)
    } finally {
      clearTimeout(late)
    }
  }
  const cleanUpIfDue = () => {
    if (!last || performance.now() < nextCleanUp) return
    nextCleanUp = performance.now() + CLEAN_UP_EVERY * (0.5 + Math.random())
    // What fails is tried again.
    rows.removeExpired(last.now).catch(() => {})
  }
  const run = async (first: Promise<void>) => {
    await first
    while (!closed.signal.aborted) {
      await pause.start(pollEvery)
      if (closed.signal.aborted) return
      cleanUpIfDue()
      await poll()
    }
  }
  let polling: Promise<void> | undefined
  let running: Promise<void> | undefined
  return {
    publish: outbox.add,
    subscribe: async (listener, connection) => {
      const stop = listeners.add(listener, connection)
      if (!polling) {
        polling = poll()
        running = run(polling)
      }
      await polling
      return stop
    },
    close: async () => {
      closed.abort()
      await outbox.close()
      pause.end()
      // An app may close its database after this.
      if (running) await within(running, PATIENCE).catch(() => {})
    },
  }
}

const LOST =
  'the session bus could not read its table. It goes on trying; until then sessions are looked up in their rows'

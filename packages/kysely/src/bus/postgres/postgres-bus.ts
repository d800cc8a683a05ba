import type { Logger, SessionBus } from '@latchkey/core'
import { createListeners } from '../listeners.ts'
import { createOutbox } from '../outbox.ts'
import { createSleep } from '../sleep.ts'
import { within } from '../within.ts'
import { type ConnectPostgres, connectLike, type PostgresBusPool } from './client.ts'
import { type Link, openLink } from './link.ts'
import { requireSendable } from './payloads.ts'

/** How {@link postgresBus} uses the database. */
export interface PostgresBusOptions {
  /**
   * The channel: the same for all instances, another for each app on one database. Small letters, digits and `_`.
   *
   * @default 'latchkey_sessions'
   */
  readonly channel?: string
  /**
   * Opens the connection that listens, and connects it. Pass it if the pool's connections go through a pooler in transaction mode (PgBouncer,
   * Neon's and Supabase's pooled addresses), which lets no `LISTEN` through, or if the pool is not one of `pg`.
   *
   * @default like the pool
   * @example connect: async () => { const client = new Client({ connectionString }); await client.connect(); return client }
   */
  readonly connect?: ConnectPostgres
  /**
   * Told once for each time that the connection is lost.
   *
   * @default console
   */
  readonly logger?: Logger
}

/** Milliseconds until it is tried to connect again: for the first time, and at most. */
const FIRST_PAUSE = 100
const MAX_PAUSE = 500
/** Milliseconds that closing waits for a connection that is being opened. */
const PATIENCE = 1_000
/** How much goes into one statement. */
const BATCH = { messages: 500, characters: 250_000 }

/**
 * Carries messages between instances by PostgreSQL's LISTEN and NOTIFY, on a connection of its own beside the pool's. It connects again by itself:
 * what it is given meanwhile it sends then (10,000 messages, for 60 seconds), and what others have sent meanwhile it can't know, so
 * it says that messages were lost. A server that doesn't respond is noticed within 1.5 seconds. It keeps no process alive.
 *
 * @throws TypeError if `channel` is no name, or `pool` is no Pool of `pg` and there is no `connect`
 * @example createAuth({ adapter, bus: postgresBus(pool), … })
 */
export function postgresBus(pool: PostgresBusPool, options: PostgresBusOptions = {}): SessionBus {
  const { channel = 'latchkey_sessions', connect = connectLike(pool), logger = console } = options
  if (!CHANNEL.test(channel)) throw new TypeError(`channel: write a name such as 'latchkey_sessions'`)
  const listeners = createListeners(logger)
  const pause = createSleep()
  let link: Link | undefined
  const closed = new AbortController()
  let hasWarned = false
  const outbox = createOutbox(async (messages) => {
    if (!link) throw new Error('there is no connection to PostgreSQL')
    await link.send(messages)
  }, BATCH)

  const open = async () => {
    try {
      const opened = await openLink(connect, channel, listeners.deliver)
      if (closed.signal.aborted) return await opened.close()
      link = opened
      hasWarned = false
      listeners.connected(performance.now())
      outbox.retry()
    } catch (cause) {
      lose(cause)
    }
  }
  const lose = (cause: unknown) => {
    link = undefined
    if (closed.signal.aborted) return
    listeners.lost()
    if (!hasWarned) logger.warn(LOST, cause)
    hasWarned = true
  }
  const run = async (first: Promise<void>) => {
    await first
    for (let next = FIRST_PAUSE; !closed.signal.aborted; next = Math.min(2 * next, MAX_PAUSE)) {
      if (link) {
        lose(await link.broken)
        next = FIRST_PAUSE
      }
      await pause.start(next * (0.5 + Math.random() / 2))
      if (!closed.signal.aborted) await open()
    }
  }
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined
  const begin = () => {
    if (opening || closed.signal.aborted) return opening
    opening = open()
    void run(opening)
    return opening
  }
  return {
    publish: (message) => {
      requireSendable(message)
      void begin()
      return outbox.add(message)
    },
    subscribe: async (listener, connection) => {
      const stop = listeners.add(listener, connection)
      await begin()
      return stop
    },
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    // A script that ends sessions and closes at once has a message to send.
    if (opening && !link) await within(opening, PATIENCE).catch(() => {})
    await outbox.close()
    closed.abort()
    pause.end()
    await link?.close()
  }
}

const CHANNEL = /^[a-z_][a-z\d_]{0,62}$/
const LOST =
  'the session bus has no connection to PostgreSQL. It goes on trying; until then sessions are looked up in their rows'

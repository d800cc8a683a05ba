import { within } from '../within.ts'
import type { ConnectPostgres, PostgresBusClient } from './client.ts'
import { connectInTime, endClient, holdProcess } from './client-life.ts'
import { createReader, toPayloads } from './payloads.ts'
import { unref } from '../sleep.ts'

/** A connection that listens. */
export interface Link {
  /** Sends messages in one statement. */
  readonly send: (messages: readonly string[]) => Promise<void>
  /** Resolves with the reason once the connection is of no use any more. */
  readonly broken: Promise<unknown>
  readonly close: () => Promise<void>
}

/** Milliseconds between two questions whether the server is there. */
const BEAT = 500
/** Milliseconds that an answer may take. */
const PATIENCE = 1_000

type Ask = (text: string, values?: unknown[]) => Promise<unknown>

/** @throws Error if it can't connect, or messages don't arrive */
export async function openLink(
  connect: ConnectPostgres,
  channel: string,
  deliver: (message: string) => void,
): Promise<Link> {
  const client = await connectInTime(connect)
  const life = watch(client)
  const ask = createAsk(client, life.end)
  const echo = `0.echo-${crypto.randomUUID()}`
  const echoed = receive(client, channel, echo, deliver)
  try {
    // A message needs no disk: whoever listens has lost its connection when the server crashes.
    await ask('set synchronous_commit to off')
    await ask(`listen ${channel}`)
    await ask('select pg_notify($1, $2)', [channel, echo])
    await within(echoed, PATIENCE).catch((cause: unknown) => {
      throw new Error(NO_ECHO, { cause })
    })
  } catch (cause) {
    void endClient(client)
    throw cause
  }
  keepAsking(ask, life)
  holdProcess(client, false)
  void life.over.then(() => endClient(client))
  return {
    broken: life.over,
    send: async (messages) => {
      holdProcess(client, true)
      await ask(SEND, [channel, messages.flatMap(toPayloads)])
      holdProcess(client, false)
    },
    close: () => {
      life.end(new Error('it was closed'))
      return endClient(client)
    },
  }
}

const SEND = 'select count(pg_notify($1, payload)) from unnest($2::text[]) as payload'
const NO_ECHO =
  'LISTEN works, but notifications do not arrive: behind a pooler in transaction mode, pass `connect` with a direct connection'

interface Life {
  /** Resolves with the reason. */
  readonly over: Promise<unknown>
  readonly end: (reason: unknown) => void
  readonly isOver: () => boolean
}

function watch(client: PostgresBusClient): Life {
  let isOver = false
  let end: (reason: unknown) => void = () => {}
  const over = new Promise<unknown>((resolve) => {
    end = (reason) => {
      isOver = true
      resolve(reason)
    }
  })
  client.on('error', (error) => end(error))
  client.on('end', () => end(new Error('the server closed the connection')))
  return { over, end, isOver: () => isOver }
}

/** One statement after another: `pg` is going to take no second one before the first is done. */
function createAsk(client: PostgresBusClient, fail: (reason: unknown) => void): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return (text, values) => {
    const asked = last.then(() => within(client.query(text, values), PATIENCE))
    last = asked.catch(fail)
    return asked
  }
}

/** @returns a promise of the echo */
function receive(
  client: PostgresBusClient,
  channel: string,
  echo: string,
  deliver: (message: string) => void,
): Promise<void> {
  const read = createReader()
  return new Promise((resolve) => {
    client.on('notification', ({ channel: from, payload = '' }) => {
      if (from !== channel) return
      if (payload === echo) resolve()
      const message = read(payload)
      if (message !== null) deliver(message)
    })
  })
}

function keepAsking(ask: Ask, life: Life): void {
  const timer = setTimeout(() => {
    if (life.isOver()) return
    ask('select 1').then(
      () => keepAsking(ask, life),
      () => {}, // that ends its life
    )
  }, BEAT)
  unref(timer)
}

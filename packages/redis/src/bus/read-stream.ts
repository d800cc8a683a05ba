import type { Connection } from '../client/connection.ts'
import { requireTexts } from '../client/reply.ts'
import { createRunScript } from '../client/script.ts'
import { monotonic } from '../internal/wait.ts'
import type { Coverage, State } from './coverage.ts'
import { parseEntries } from './entry.ts'
import { readState } from './scripts.ts'

/** What a reader tells of the stream and of its connection. */
export interface ReaderEvents {
  readonly message: (message: string) => void
  /** May come again while it is lost. */
  readonly lost: () => void
  /** @param delivered milliseconds of the past of which everything was delivered */
  readonly connected: (delivered: number) => void
  /** The server, by its `run_id`, at every look. */
  readonly server: (run: string) => void
}

/** Milliseconds that a read waits for messages. It is a heartbeat too: a server that hangs is noticed soon after. */
const BLOCK = 400
/** Milliseconds beyond that after which messages may be lost. */
const LATE = 400
/** Milliseconds after which the connection is given up. */
const DEAD = 3_000
/** How many entries are read at once. */
const BATCH = 500

/** Reads the stream of one connection until that fails. A reply that is late costs trust, but not the connection. */
export async function readStream(
  { send, close }: Connection,
  key: string,
  coverage: Coverage,
  events: ReaderEvents,
): Promise<never> {
  const run = createRunScript(send)
  let isConnected = false
  const lost = () => {
    isConnected = false
    events.lost()
  }
  const inTime = <T>(reply: Promise<T>) => whileWatched(reply, lost, close)
  for (;;) {
    const state = parseState(await inTime(run(readState, [key], [])))
    const askedAt = monotonic()
    events.server(state.run)
    if (coverage.begin(state)) lost()
    const block = isConnected ? ['BLOCK', String(BLOCK)] : []
    const reply = await inTime(
      send(key, ['XREAD', 'COUNT', String(BATCH), ...block, 'STREAMS', key, coverage.position()]),
    )
    const entries = parseEntries(reply)
    for (const entry of entries) {
      coverage.add(entry)
      if (entry.message !== null) events.message(entry.message)
    }
    if (entries.length === BATCH) continue
    if (!coverage.end()) lost()
    if (!isConnected) events.connected(Math.max(0, state.time + monotonic() - askedAt - coverage.since()))
    isConnected = true
  }
}

function parseState(reply: unknown): State {
  const [run = '', time, last = ''] = requireTexts(reply)
  return { run, time: Number(time), last }
}

async function whileWatched<T>(reply: Promise<T>, late: () => void, dead: () => void): Promise<T> {
  const timers = [setTimeout(late, BLOCK + LATE), setTimeout(dead, BLOCK + DEAD)]
  try {
    return await reply
  } finally {
    timers.forEach(clearTimeout)
  }
}

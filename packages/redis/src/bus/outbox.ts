import { monotonic, type Pause, startPause, within } from '../internal/wait.ts'
import { createQueue, type Letter } from './queue.ts'

/** Messages that are to be sent: in order, again until it succeeds, and for a bounded time. */
export interface Outbox {
  /** Resolves when it was sent. Rejects when it was dropped. */
  readonly add: (message: string) => Promise<void>
  /** Sends again what was sent a short while ago, if another server than this one took it: a replica that takes over may never have got it. */
  readonly noteServer: (run: string) => void
  /** Sends what is left if that is quickly done, and takes nothing more. */
  readonly close: () => Promise<void>
}

/** Milliseconds that a message waits. */
const MAX_AGE = 60_000
/** Milliseconds until the next try. */
const PAUSE = 200
/** Milliseconds that closing waits for what is left. */
const PATIENCE = 1_000
/** For how many milliseconds, and how many, messages that were sent are kept to be sent again. A failover may take half a minute. */
const KEPT = { time: 120_000, messages: 1_000 }

/** @param send sends messages. @returns the `run_id` of the server that took them */
export function createOutbox(send: (messages: readonly string[]) => Promise<string>): Outbox {
  const queue = createQueue()
  let sent: readonly Letter[] = []
  let server = ''
  const closed = new AbortController()
  let isClosing = false
  let sending: Promise<void> | undefined
  let pause: Pause | undefined

  const keptOf = (letters: readonly Letter[]) => letters.filter(({ at }) => monotonic() - at < KEPT.time)
  const noteServer = (run: string) => {
    const isAnother = server !== '' && run !== server
    server = run
    if (!isAnother) return
    queue.putBack(keptOf(sent))
    sent = []
    startSending()
  }
  const sendBatch = async (batch: readonly Letter[]) => {
    noteServer(await send(batch.map(({ message }) => message)))
    for (const letter of batch) letter.sent()
    const at = monotonic()
    sent = [...keptOf(sent), ...batch.map((letter) => ({ ...letter, at }))].slice(-KEPT.messages)
  }
  const tryAgain = async (batch: readonly Letter[], cause: unknown) => {
    queue.putBack(batch)
    const moment = closed.signal.aborted ? Infinity : monotonic() - MAX_AGE
    queue.dropBefore(moment, new Error(`redisBus: a message could not be sent`, { cause }))
    pause = startPause(PAUSE)
    if (!closed.signal.aborted) await pause.isOver
  }
  const sendAll = async () => {
    while (!queue.isEmpty() && !closed.signal.aborted) {
      const batch = queue.take()
      await sendBatch(batch).catch((cause: unknown) => tryAgain(batch, cause))
    }
    sending = undefined
  }
  const startSending = () => void (sending ??= sendAll())
  return {
    add: (message) =>
      new Promise((sentAt, dropped) => {
        if (isClosing) return dropped(new Error('redisBus: it is closed'))
        queue.add({ message, at: monotonic(), sent: sentAt, dropped })
        startSending()
      }),
    noteServer,
    close: async () => {
      isClosing = true
      pause?.end()
      if (sending) await within(sending, PATIENCE).catch(() => {})
      closed.abort()
      pause?.end()
      queue.dropBefore(Infinity, new Error('redisBus: it was closed before the message was sent'))
    },
  }
}

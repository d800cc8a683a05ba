import { type BatchSize, createQueue, type Waiting } from './queue.ts'
import { createSleep } from './sleep.ts'
import { within } from './within.ts'

/** Messages that wait to be sent: for a moment, or until a bus that is cut off is connected again. */
export interface Outbox {
  /** @returns a promise that rejects if the message is dropped */
  readonly add: (message: string) => Promise<void>
  /** Tries again at once what could not be sent. */
  readonly retry: () => void
  /** Sends what is left if that is quickly done, and takes nothing more. */
  readonly close: () => Promise<void>
}

/** Milliseconds after which a message is no longer worth sending. */
const MAX_AGE = 60_000
/** Milliseconds until what could not be sent is tried again. */
const PAUSE = 1_000
/** Milliseconds that closing waits for what is left. */
const PATIENCE = 1_000

/** @param send sends all of these messages, or throws: then all of them are sent again */
export function createOutbox(send: (messages: readonly string[]) => Promise<void>, size: BatchSize): Outbox {
  const queue = createQueue()
  const pause = createSleep()
  let [isClosed, isRetried] = [false, false]
  let running: Promise<void> | undefined
  let cause: unknown

  const drop = (items: readonly Waiting[], why: string) => {
    for (const item of items) item.drop(new Error(`a message of the session bus was not sent: ${why}`, { cause }))
  }
  const sendBatch = async (batch: readonly Waiting[]) => {
    isRetried = false
    try {
      await send(batch.map(({ message }) => message))
      for (const { done } of batch) done()
    } catch (error) {
      cause = error
      queue.putBack(batch)
      // What it waits for may have happened while it was sending.
      if (!isRetried && !isClosed) await pause.start(PAUSE)
      drop(queue.takeOlder(performance.now() - MAX_AGE), `it was cut off for ${MAX_AGE / 1_000} seconds`)
      if (isClosed) drop(queue.takeAll(), 'it was closed')
    }
  }
  const run = async () => {
    while (!queue.isEmpty()) await sendBatch(queue.takeBatch(size))
    running = undefined
  }
  return {
    add: async (message) => {
      if (isClosed) throw new Error('a message of the session bus was not sent: it is closed')
      const sent = new Promise<void>((done, reject) => {
        queue.add({ message, addedAt: performance.now(), done, drop: reject })
      })
      drop(queue.takeExcess(), 'too many wait')
      running ??= run()
      return sent
    },
    retry: () => {
      isRetried = true
      pause.end()
    },
    close: async () => {
      isClosed = true
      pause.end()
      if (running) await within(running, PATIENCE).catch(() => {})
      drop(queue.takeAll(), 'it was closed')
    },
  }
}

import type { Logger } from '@latchkey/core'
import { type Connection, openConnection } from '../client/connection.ts'
import type { RedisClient } from '../client/redis-client.ts'
import { type Pause, startPause } from '../internal/wait.ts'
import { createCoverage } from './coverage.ts'
import { type ReaderEvents, readStream } from './read-stream.ts'

/** Milliseconds between two connections: at first, and after many failures. */
const BACK_OFF = { first: 50, most: 500 }

/**
 * Reads the stream from its oldest entry on, on a connection of its own, and on another one if that breaks.
 *
 * @returns what ends it at once
 */
export function startReader(redis: RedisClient, key: string, events: ReaderEvents, logger: Logger): () => void {
  const coverage = createCoverage()
  let connection: Connection | undefined
  let pause: Pause | undefined
  const ended = new AbortController()
  let failures = 0
  const connected = (delivered: number) => {
    if (failures > 0) logger.warn('redisBus: messages arrive again')
    failures = 0
    events.connected(delivered)
  }
  const readOn = async () => {
    connection = await openConnection(redis, ended.signal)
    await readStream(connection, key, coverage, { ...events, connected })
  }
  const readForEver = async () => {
    while (!ended.signal.aborted) {
      const cause = await readOn().catch((error: unknown) => error)
      connection?.close()
      if (ended.signal.aborted) return
      events.lost()
      if (failures === 0) logger.error('redisBus: messages may be lost until Redis can be read again', cause)
      pause = startPause(Math.min(BACK_OFF.first * 2 ** failures++, BACK_OFF.most))
      await pause.isOver
    }
  }
  void readForEver()
  return () => {
    ended.abort()
    pause?.end()
  }
}

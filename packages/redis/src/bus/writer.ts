import { openConnection } from '../client/connection.ts'
import type { RedisClient } from '../client/redis-client.ts'
import { requireTexts } from '../client/reply.ts'
import { createRunScript, type RunScript } from '../client/script.ts'
import { within } from '../internal/wait.ts'
import { appendMessages } from './scripts.ts'

/** What the stream keeps. */
export interface Kept {
  readonly messages: number
  /** Milliseconds. */
  readonly history: number
}

/** Appends messages to the stream. */
export interface Writer {
  /** Rejects if that failed, or may have. @returns the `run_id` of the server that took them */
  readonly append: (messages: readonly string[]) => Promise<string>
  readonly close: () => void
}

/** Milliseconds for one round trip. Then the connection is given up. */
const PATIENCE = 3_000

/** Opens a connection of its own with the first message, and another one if that breaks. */
export function createWriter(redis: RedisClient, key: string, { messages: count, history }: Kept): Writer {
  let opened: Promise<RunScript> | undefined
  let ending = new AbortController()
  const drop = () => {
    ending.abort()
    opened = undefined
  }
  const open = async () => {
    ending = new AbortController()
    return createRunScript((await openConnection(redis, ending.signal)).send)
  }
  return {
    append: async (messages) => {
      try {
        opened ??= open()
        const run = await opened
        const reply = await within(run(appendMessages, [key], [String(count), String(history), ...messages]), PATIENCE)
        return requireTexts(reply)[0] ?? ''
      } catch (cause) {
        drop()
        throw cause
      }
    },
    close: drop,
  }
}

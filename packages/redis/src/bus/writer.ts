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
const PATIENCE = 2_000

/** Opens a connection of its own with the first message, and another one if that breaks. */
export function createWriter(redis: RedisClient, key: string, { messages: count, history }: Kept): Writer {
  let opened: Promise<Opened> | undefined
  const drop = () => {
    void opened?.then(({ close }) => close()).catch(() => {})
    opened = undefined
  }
  return {
    append: async (messages) => {
      try {
        opened ??= open(redis)
        const { run } = await opened
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

interface Opened {
  readonly run: RunScript
  readonly close: () => void
}

async function open(redis: RedisClient): Promise<Opened> {
  const { send, close } = await openConnection(redis, PATIENCE)
  return { run: createRunScript(send), close }
}

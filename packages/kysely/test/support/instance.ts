import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inject, onTestFinished } from 'vitest'
import type { TestDatabase } from './database.ts'

export interface Answer {
  readonly refreshToken?: string
  readonly sessionId?: string
  /** Why it was refused. */
  readonly kind?: string
}

/** An instance of an app in a process of its own. */
export interface Instance {
  /** Posts the same to `/auth…` as many times at once. */
  readonly post: (path: string, body: object, times?: number) => Promise<readonly Answer[]>
  /** Ends all sessions of a user, as the app's own server does. */
  readonly revokeAll: (userId: string) => Promise<readonly Answer[]>
}

export async function startInstance({ address }: TestDatabase): Promise<Instance> {
  const script = fileURLToPath(new URL('../children/refresh-race.mjs', import.meta.url))
  // Without vitest's own flags, which would make Node read TypeScript.
  const child = fork(script, [inject('packageEntry'), ...address], { execArgv: [] })
  const isOver = once(child, 'exit')
  onTestFinished(async () => {
    child.disconnect()
    await isOver
  })
  await nextMessage(child)
  return {
    post: async (path, body, times = 1) => {
      child.send({ path, body, times })
      return nextMessage(child)
    },
    revokeAll: async (userId) => {
      child.send({ everywhere: userId, times: 1 })
      return nextMessage(child)
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<readonly Answer[]> {
  const isOver = new AbortController()
  const died = () => isOver.abort(new Error('the instance died'))
  child.once('exit', died)
  const [answers] = await once(child, 'message', { signal: isOver.signal })
  child.off('exit', died)
  return answers
}

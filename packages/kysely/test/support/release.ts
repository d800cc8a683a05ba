import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inject, onTestFinished } from 'vitest'
import type { TestDatabase } from './database.ts'
import type { OldRelease } from './old-release.ts'

export interface Request {
  readonly path: string
  readonly body?: object
  readonly cookie?: string | undefined
  readonly token?: string | undefined
}

export interface Response {
  readonly status: number
  readonly body: { readonly accessToken?: string; readonly refreshToken?: string; readonly error?: { kind: string } }
  /** `name=value`. */
  readonly cookie?: string
}

/** What a request proves itself with. */
export type Credential = Pick<Request, 'cookie' | 'token'>

/** An instance of an app in a process of its own, on one of two releases. */
export interface Instance {
  readonly migrate: () => Promise<readonly string[]>
  readonly ask: (request: Request) => Promise<Response>
  readonly read: (credential: Credential) => Promise<{ readonly user: { readonly id: string } } | null>
}

/** @param old the previous release; by default the code as it is now */
export async function startRelease(
  { address }: TestDatabase,
  strategy: 'jwt' | 'database',
  old?: OldRelease,
): Promise<Instance> {
  const script = fileURLToPath(new URL('../children/release.mjs', import.meta.url))
  const entries = [old?.core ?? '-', strategy, old?.kysely ?? inject('packageEntry')]
  // Without vitest's own flags, which would make Node read TypeScript.
  const child = fork(script, [...entries, ...address], { execArgv: [] })
  const isOver = once(child, 'exit')
  onTestFinished(async () => {
    if (child.connected) child.disconnect()
    await isOver
  })
  await once(child, 'message', { signal: abortedBy(isOver) })
  const waiting = new Map<number, (message: { answer?: unknown; error?: string }) => void>()
  child.on('message', (message: { id: number; answer?: unknown; error?: string }) => {
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  let last = 0
  const run = <T>(task: string, what?: object) =>
    new Promise<T>((resolve, reject) => {
      const id = ++last
      waiting.set(
        id,
        ({ answer, error }) => (error === undefined ? resolve(answer as T) : reject(new Error(error))), // what the child's script sends
      )
      child.send({ id, task, what }, (error) => error && reject(error))
    })
  return {
    migrate: () => run('migrate'),
    ask: (request) => run('ask', request),
    read: (credential) => run('read', credential),
  }
}

/** Ends the waiting for a process that has died. */
function abortedBy(isOver: Promise<unknown>): AbortSignal {
  const died = new AbortController()
  void isOver.then(() => died.abort(new Error('the instance died')))
  return died.signal
}

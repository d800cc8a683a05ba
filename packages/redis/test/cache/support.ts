import type { CompleteAdapter, SessionAndUser } from '@latchkey/core'
import type { RedisCommands } from '../../src/index.ts'
import type { Script } from '../../src/client/script.ts'

/** Slow machines are no reason to go to the store here: what is slow is tested by itself. */
export const CACHE_OPTIONS = {
  secret: 'a secret of these tests: 0123456789abcdef',
  maxAge: '60s',
  timeout: '10s',
} as const

/** A point that something runs up to, and stops at until it is released. */
export interface Stop {
  readonly isReached: Promise<void>
  readonly release: () => void
  /** To be awaited at the point. */
  readonly pass: () => Promise<void>
}

export function createStop(): Stop {
  let reach = () => {}
  let release = () => {}
  const isReached = new Promise<void>((resolve) => (reach = resolve))
  const isReleased = new Promise<void>((resolve) => (release = resolve))
  return {
    isReached,
    release,
    pass: async () => {
      reach()
      await isReleased
    },
  }
}

/** A client whose commands can be stopped, and be waited for. */
export interface WatchedClient {
  readonly client: RedisCommands
  /** The next call of this script stops before it is sent. */
  readonly stopBefore: (script: Script) => Stop
  /** Until no command is on its way, nor follows from one. */
  readonly isIdle: () => Promise<void>
}

export function watchClient(send: (...command: readonly [string, ...string[]]) => Promise<unknown>): WatchedClient {
  let running = 0
  let stopped: { readonly script: Script; readonly stop: Stop } | undefined
  const call = async (...command: readonly [string, ...string[]]) => {
    running++
    try {
      if (stopped && (command[1] === stopped.script.digest || command[1] === stopped.script.source)) {
        const { stop } = stopped
        stopped = undefined
        await stop.pass()
      }
      return await send(...command)
    } finally {
      running--
    }
  }
  return {
    client: { call },
    stopBefore: (script) => {
      const stop = createStop()
      stopped = { script, stop }
      return stop
    },
    isIdle: async () => {
      for (let quiet = 0; quiet < 5; quiet = running === 0 ? quiet + 1 : 0)
        await new Promise((resolve) => setTimeout(resolve, 1))
    },
  }
}

/** A store whose reads and writes can be stopped, and counts its reads. */
export interface WatchedStore {
  readonly adapter: CompleteAdapter
  readonly reads: () => number
  /** The next read stops with what it has found. */
  readonly stopAfterRead: () => Stop
  /** The next write of sessions or users stops before it is done. */
  readonly stopBeforeWrite: () => Stop
  /** What the store has, whatever is cached. */
  readonly read: (sessionToken: string) => Promise<SessionAndUser | null>
}

const WRITES = [
  'slideSession',
  'rotateSession',
  'writeSessionClaims',
  'deleteSession',
  'revokeSession',
  'revokeSessions',
  'updateUser',
  'deleteUser',
]

export function watchStore(store: CompleteAdapter): WatchedStore {
  let reads = 0
  let afterRead: Stop | undefined
  let beforeWrite: Stop | undefined
  const take = (stop: Stop | undefined) => {
    if (stop === afterRead) afterRead = undefined
    else beforeWrite = undefined
    return stop?.pass()
  }
  const getSessionAndUser: CompleteAdapter['getSessionAndUser'] = async (sessionToken) => {
    reads++
    const found = await store.getSessionAndUser(sessionToken)
    if (afterRead) await take(afterRead)
    return found
  }
  const adapter = new Proxy(store, {
    get: (target, name): unknown => {
      if (name === 'getSessionAndUser') return getSessionAndUser
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || !WRITES.includes(String(name))) return method
      return async (...args: unknown[]): Promise<unknown> => {
        if (beforeWrite) await take(beforeWrite)
        return method.apply(target, args)
      }
    },
  })
  return {
    adapter,
    reads: () => reads,
    stopAfterRead: () => (afterRead = createStop()),
    stopBeforeWrite: () => (beforeWrite = createStop()),
    read: async (sessionToken) => store.getSessionAndUser(sessionToken),
  }
}

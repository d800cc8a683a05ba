import { createHash, randomBytes } from 'node:crypto'
import type { SessionAndUser } from '@latchkey/core'
import type { RedisCommands } from '../client/redis-client.ts'
import { requireTexts } from '../client/reply.ts'
import { createRunScript } from '../client/script.ts'
import { toSend } from '../client/send.ts'
import { createBox } from './box.ts'
import type { RedisCacheSettings } from './options.ts'
import { createReach } from './reach.ts'
import { parseRow, writeRow } from './row.ts'
import { endWrite, markUser, noteSession, putRow, readOrLease } from './scripts.ts'

/** The right to put a row that is read from the store now. */
export interface Lease {
  readonly key: string
  readonly name: string
  /** By the clock of Redis: milliseconds since the epoch. */
  readonly askedAt: number
  readonly writtenAt: number
}

/** Rows of sessions in Redis. No method rejects: without Redis there is no row, and none is put. */
export interface SessionCache {
  /** The row; a lease: the caller reads the store, and may put what it finds; null: the caller reads the store. */
  readonly read: (
    sessionToken: string,
  ) => Promise<{ readonly found: SessionAndUser } | { readonly lease: Lease } | null>
  /** Does nothing if the row or its user was written since the lease was given. */
  readonly put: (lease: Lease, found: SessionAndUser) => Promise<void>
  /** Before a session's row is written. @returns what is to be called once it is */
  readonly beginSessionWrite: (sessionToken: string) => Promise<() => Promise<void>>
  /** Before a user, or any of their sessions, is written. @returns what is to be called once it is */
  readonly beginUserWrite: (userId: string) => Promise<() => Promise<void>>
}

/** Milliseconds from a read of the cache until its row is put at the latest. */
const LEASE = 5_000
/** Milliseconds for which a write keeps rows out of the cache if it doesn't end: longer than a store takes, and than a lease. */
const WRITE = 15_000
/** How much the clocks of two instances may differ, in milliseconds. */
const SKEW = 60_000

export function createSessionCache(redis: RedisCommands, settings: RedisCacheSettings): SessionCache {
  const { prefix, maxAge } = settings
  const send = toSend(redis)
  const run = createRunScript(send)
  const box = createBox(settings.secrets)
  const reach = createReach(settings.timeout, maxAge)
  const sessionKey = (sessionToken: string) => `${prefix}session:${digest(sessionToken)}`
  /** In one slot of a cluster. */
  const userKeys = (userId: string) => {
    const user = `${prefix}user:{${digest(userId)}}`
    return [`${user}:sessions`, `${user}:changed`] as const
  }
  const open = (sealed: string, key: string, now: number): SessionAndUser | null => {
    const bytes = box.open(sealed, key)
    const row = bytes && parseRow(bytes)
    if (!row) return null
    // Kept for so long at most, whatever Redis does with it: somebody may have put an old entry back.
    const age = now - row.askedAt
    if (age < 0 || age > maxAge || Math.abs(Date.now() - row.writtenAt) > maxAge + SKEW) return null
    const { session, user, now: storeTime } = row.found
    return storeTime ? { session, user, now: new Date(storeTime.getTime() + age) } : { session, user }
  }
  return {
    read: (sessionToken) =>
      reach.ask(async () => {
        const [key, name, writtenAt] = [sessionKey(sessionToken), createName(), Date.now()]
        const [now, sealed = '', lease] = requireTexts(await run(readOrLease, [key], [name, String(LEASE)]))
        if (lease) return { lease: { key, name, askedAt: Number(now), writtenAt } }
        const found = open(sealed, key, Number(now))
        return found && { found }
      }),
    put: async ({ key, name, askedAt, writtenAt }, found) => {
      const bytes = writeRow({ found, askedAt, writtenAt })
      if (!bytes) return
      await reach.ask(async () => {
        // First the user's list: a change of the user that comes later then finds the row, and deletes it.
        const noted = await run(noteSession, userKeys(found.user.id), [key, String(maxAge + LEASE)])
        if (requireTexts(noted)[0] === '1') await run(putRow, [key], [name, box.seal(bytes, key), String(maxAge)])
      })
    },
    beginSessionWrite: async (sessionToken) => {
      const [key, name] = [sessionKey(sessionToken), createName()]
      await reach.tell(() => send(key, ['SET', key, `w:${name}`, 'PX', String(WRITE)]))
      return () => reach.tellUntilHeard(() => run(endWrite, [key], [name]))
    },
    beginUserWrite: async (userId) => {
      const forget = async () => {
        const found = await run(markUser, userKeys(userId), [String(WRITE)])
        await Promise.all(requireTexts(found).map((key) => send(key, ['DEL', key])))
      }
      await reach.tell(forget)
      return () => reach.tellUntilHeard(forget)
    },
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function createName(): string {
  return randomBytes(9).toString('base64url')
}

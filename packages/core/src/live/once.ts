import type { Engine } from '../config/engine.ts'
import { createAgedMap } from '../internal/aged-map.ts'
import { hashToken } from '../token/hash.ts'

/** Ids that can be taken once. */
export interface Once {
  readonly announce: (id: string, expires: Date) => Promise<void>
  readonly take: (id: string) => Promise<boolean>
}

/** With a store it holds across instances, else within this process. */
export function createOnce({ adapter, settings }: Engine, identifier: string): Once {
  const waiting = createWaiting(settings.clock)
  if (!adapter?.createVerificationToken || !adapter.useVerificationToken) {
    return {
      announce: async (id, expires) => {
        waiting.takeExpired()
        waiting.add(id, expires)
      },
      take: async (id) => waiting.take(id),
    }
  }
  const useToken = async (id: string) =>
    (await adapter.useVerificationToken?.({ identifier, token: await hashToken(id) })) ?? null
  return {
    announce: async (id, expires) => {
      // Ids that were never taken are deleted by the instance that wrote them: not every store deletes what has expired.
      for (const old of waiting.takeExpired()) void useToken(old).catch(() => {})
      await adapter.createVerificationToken?.({ identifier, token: await hashToken(id), expires })
      waiting.add(id, expires)
    },
    take: async (id) => {
      const found = await useToken(id)
      waiting.take(id)
      return found !== null
    },
  }
}

interface Waiting {
  readonly add: (id: string, expires: Date) => void
  readonly take: (id: string) => boolean
  /** Takes out some that have expired, the oldest first. */
  readonly takeExpired: () => readonly string[]
}

/** About 5 MB. Beyond it the oldest are forgotten, and then don't work. */
const MAX_WAITING = 10_000
/** How many expired ones go with each new one: more than come in, so that none pile up. */
const EXPIRED_AT_ONCE = 10

function createWaiting(clock: () => Date): Waiting {
  const waiting = createAgedMap<number>()
  return {
    add: (id, expires) => {
      waiting.set(id, expires.getTime())
      waiting.dropOldest((_ends, size) => size > MAX_WAITING)
    },
    take: (id) => waiting.delete(id),
    takeExpired: () => {
      const now = clock().getTime()
      const expired: string[] = []
      waiting.dropOldest((ends, _size, id) => {
        const isGone = ends <= now && expired.length < EXPIRED_AT_ONCE
        if (isGone) expired.push(id)
        return isGone
      })
      return expired
    },
  }
}

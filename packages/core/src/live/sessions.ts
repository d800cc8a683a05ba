import { AuthError } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { Changed } from '../bus/event.ts'
import type { Hub } from '../bus/hub.ts'
import { createSweep } from './sweep.ts'
import { createLiveSession, type LiveEngine, type LiveSession } from './session.ts'

/** The sessions that have a stream or a socket open in this engine, by id. No entry outlives the last of them. */
export interface LiveSessions {
  /** The live session of an identity that was just found to be good, until it is released. */
  readonly hold: (identity: Identity) => Held
  /** The ids of those that belong to a user. */
  readonly idsOf: (userId: string) => readonly string[]
  /** Ends all streams, and their timers. No session ends. */
  readonly close: () => void
}

export interface Held {
  readonly live: LiveSession
  readonly release: () => void
}

interface Entry {
  readonly live: LiveSession
  readonly userId: string
  holders: number
}

export function createLiveSessions(engine: LiveEngine, hub: Hub): LiveSessions {
  const entries = new Map<string, Entry>()
  /** The ids of each user's: ending the sessions of one must not look at all. */
  const idsByUser = new Map<string, Set<string>>()
  const add = (id: string, entry: Entry) => {
    entries.set(id, entry)
    const ids = idsByUser.get(entry.userId) ?? new Set()
    idsByUser.set(entry.userId, ids.add(id))
  }
  const drop = (id: string, entry: Entry) => {
    if (entries.get(id) !== entry) return
    entries.delete(id)
    const ids = idsByUser.get(entry.userId)
    ids?.delete(id)
    if (ids?.size === 0) idsByUser.delete(entry.userId)
  }
  const open = (identity: Identity): Entry => {
    const id = identity.sessionId
    const known = entries.get(id)
    if (known) {
      if (isNewer(identity, known.live.identity())) known.live.update(identity)
      return known
    }
    const live = createLiveSession(engine, identity, () => drop(id, entry))
    const entry: Entry = { live, userId: identity.token.sub, holders: 0 }
    add(id, entry)
    return entry
  }
  hub.subscribe((event) => {
    if (event.type === 'changed') applyChange(entries.get(event.sessionId)?.live, event)
    else for (const id of event.sessionIds) entries.get(id)?.live.end(new AuthError('SessionRevoked'))
  })
  const sweep = createSweep(hub.coverage, () => entries.values())
  return {
    hold: (identity) => {
      const entry = open(identity)
      entry.holders++
      let isHeld = true
      return {
        live: entry.live,
        release: () => {
          if (!isHeld) return
          isHeld = false
          if (--entry.holders === 0) drop(identity.sessionId, entry)
        },
      }
    },
    idsOf: (userId) => [...(idsByUser.get(userId) ?? [])],
    close: () => {
      sweep.stop()
      const reason = new AuthError('AdapterError', { detail: 'the engine was closed' })
      for (const { live } of entries.values()) live.close(reason)
    },
  }
}

/**
 * What another instance says of a session may come late, or again. Claims that are older than the known ones are nothing new, unless they are what
 * `updateSession` made of these: clocks differ.
 */
function applyChange(live: LiveSession | undefined, { identity, replaces, sent }: Changed): void {
  if (!live) return
  if (!identity) return live.refresh()
  const { token } = live.identity()
  if (sent && identity.token.iat < token.iat && replaces !== token.jti) return
  const wasAskedSince = (identity.token.iat + 1) * 1_000 <= live.askedAt()
  live.update(identity)
  if (sent && wasAskedSince) live.refresh()
}

/** A row that was just read is; of two tokens the one that was built later. */
function isNewer(identity: Identity, known: Identity): boolean {
  return identity.strategy === 'database' || identity.token.iat > known.token.iat
}

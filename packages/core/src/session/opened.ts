import { detach } from '../internal/detach.ts'
import type { TokenCacheOptions } from '../config/token-options.ts'
import type { Identity } from '../contract/identity.ts'
import type { Freshness } from './strategy.ts'
import type { Session } from '../contract/session.ts'

/** A token that was opened and is valid, to be used again without opening it. */
export interface Opened {
  readonly identity: Identity
  /** Deeply frozen, because requests share it. */
  readonly session: Session
  readonly fresh: Freshness
}

/**
 * Tokens that were opened a short while ago, by exactly the text that was sent: the same token comes with every request of a page. Holds
 * no refusals, so that forged ones fill nothing; says nothing of revocation, which the caller must check by session id.
 */
export interface OpenedTokens {
  readonly get: (token: string) => Opened | undefined
  readonly set: (token: string, opened: Opened) => void
}

/** About what an entry takes besides its token, in bytes, and its claims as a multiple of the token's length. */
const ENTRY_BYTES = 1_024
const CLAIMS_FACTOR = 2

/**
 * Two halves instead of a list in order of use: what is asked for moves to the young half, and when that is full the old one is dropped
 * whole. Recently used entries survive, and a hit costs one look-up.
 */
export function createOpenedTokens({ maxEntries, maxBytes }: Required<TokenCacheOptions>): OpenedTokens {
  let young = new Map<string, Entry>()
  let old = new Map<string, Entry>()
  let youngBytes = 0
  const keep = (key: string, entry: Entry) => {
    const bytes = ENTRY_BYTES + CLAIMS_FACTOR * entry.token.length
    if (young.size >= maxEntries / 2 || youngBytes + bytes > maxBytes / 2) {
      old = young
      young = new Map()
      youngBytes = 0
    }
    if (bytes > maxBytes / 2 || maxEntries < 2) return
    if (!young.has(key)) youngBytes += bytes
    young.set(key, entry)
  }
  return {
    get: (token) => {
      const key = token.slice(-KEY_LENGTH)
      const found = young.get(key)
      if (found) return found.token === token ? found.opened : undefined
      const older = old.get(key)
      if (older?.token !== token) return undefined
      old.delete(key)
      keep(key, older)
      return older.opened
    },
    set: (token, opened) => {
      const own = detach(token)
      keep(own.slice(-KEY_LENGTH), { token: own, opened })
    },
  }
}

interface Entry {
  readonly token: string
  readonly opened: Opened
}

/**
 * The key of an entry is the token's end: only valid tokens are kept, and those end in a tag of 128 bits or more. Hashing a whole token
 * would be most of the cost of a hit. The whole token is compared all the same.
 */
const KEY_LENGTH = 32

/** Makes a session safe to be shared: nothing in it can be changed. (Its dates are made by `fixedDate`.) */
export function freezeSession(session: Session): Session {
  freeze(session.user)
  Object.freeze(session.roles)
  Object.freeze(session.amr)
  freeze(session.claims)
  return Object.freeze(session)
}

/** Deeply freezes what JSON can carry. A Date or a database's bytes can't be frozen. */
export function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}

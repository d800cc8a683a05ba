import type { TokenCacheOptions } from '../options.ts'
import type { Identity } from './identity.ts'
import type { Freshness } from './strategy.ts'
import type { Session } from './types.ts'

/** A token that was opened and found good, to be answered again without opening it. */
export interface Opened {
  readonly identity: Identity
  /** Frozen through, for it is shared by requests. */
  readonly session: Session
  readonly fresh: Freshness
}

/**
 * Tokens that were opened a short while ago, by exactly the text that was sent: the same token comes with every request of a page. Holds
 * no refusals, so that forged ones fill nothing; says nothing of revocation, which whoever asks must check by session id.
 */
export interface OpenedTokens {
  readonly get: (token: string) => Opened | undefined
  readonly set: (token: string, opened: Opened) => void
}

/** What an entry holds besides its token, about, and how much of the token again its claims are. Bytes. */
const ENTRY_BYTES = 1_024
const CLAIMS_FACTOR = 2

/**
 * Two halves instead of a list in order of use: what is asked for moves to the young half, and when that is full the old one is dropped
 * whole. Who was used lately survives, and a hit costs one look-up.
 */
export function createOpenedTokens({ maxEntries, maxBytes }: Required<TokenCacheOptions>): OpenedTokens {
  let young = new Map<string, Opened>()
  let old = new Map<string, Opened>()
  let youngBytes = 0
  const set = (token: string, opened: Opened) => {
    const bytes = ENTRY_BYTES + CLAIMS_FACTOR * token.length
    if (young.size >= maxEntries / 2 || youngBytes + bytes > maxBytes / 2) {
      old = young
      young = new Map()
      youngBytes = 0
    }
    if (bytes > maxBytes / 2 || maxEntries < 2) return
    if (!young.has(token)) youngBytes += bytes
    young.set(token, opened)
  }
  return {
    get: (token) => {
      const found = young.get(token)
      if (found) return found
      const older = old.get(token)
      if (older) {
        old.delete(token)
        set(token, older)
      }
      return older
    },
    set,
  }
}

/** Makes a session safe to be shared: nothing in it but its dates can be changed. */
export function freezeSession(session: Session): Session {
  freeze(session.user)
  freeze(session.roles)
  freeze(session.claims)
  return Object.freeze(session)
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}

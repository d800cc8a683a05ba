import type { Engine } from '../config/engine.ts'
import type { Hub } from '../bus/hub.ts'
import { createAgedMap } from '../internal/aged-map.ts'
import { toSeconds } from '../internal/time.ts'
import { isForeign } from '../token/claims.ts'
import type { AnyToken } from '../contract/token.ts'

/**
 * Which sessions `updateSession` changed a short while ago: a cookie that was made from an older token of theirs must not be sent any
 * more, or it would bring the old claims back.
 */
export interface Decisions {
  /** Whether a later `updateSession` has taken the place of this token. */
  readonly isReplaced: (token: AnyToken) => boolean
}

/** How long a request may bring an older cookie, or be on its way with a renewed one, after `updateSession`. Milliseconds. */
const KEEP_FOR = 300_000
/** About 25 MB. Beyond it the oldest are forgotten first. */
const MAX_DECISIONS = 100_000

interface Decision {
  /** Unix seconds: tokens of the session that were issued before are older. */
  readonly issuedAt: number
  /** The `jti` of the new token, and of the one that it was made from. */
  readonly jti: string
  readonly replaces: string
  /** Milliseconds since the epoch, by this instance's clock. */
  readonly at: number
}

/** Remembers the decisions of this instance, and those that a shared bus delivers. */
export function createDecisions({ settings }: Engine, hub: Hub): Decisions {
  const decisions = createAgedMap<Decision>()
  hub.subscribe((event) => {
    if (event.type !== 'changed' || event.replaces === undefined || !event.identity) return
    const { iat, jti } = event.identity.token
    const at = settings.clock().getTime()
    // A renewal that ended while this one was made is older, though its token says the same second or a later one.
    const issuedAt = Math.max(iat, toSeconds(at))
    decisions.set(event.sessionId, { issuedAt, jti, replaces: event.replaces, at })
    decisions.dropOldest((decision, size) => decision.at < at - KEEP_FOR || size > MAX_DECISIONS)
  })
  return {
    isReplaced: (token) => {
      const decision = decisions.get(token.sessionId)
      if (!decision || decision.at < settings.clock().getTime() - KEEP_FOR || token.jti === decision.jti) return false
      // A foreign token's time of issue is another library's; ours has taken its place for good.
      return token.iat < decision.issuedAt || token.jti === decision.replaces || isForeign(token)
    },
  }
}

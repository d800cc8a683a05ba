import { createBox, sha256 } from '#runtime'
import { memoize } from '../internal/memoize.ts'
import type { Awaitable } from '../internal/types.ts'
import { andThen } from '../internal/awaitable.ts'
import type { AnyToken } from '../contract/token.ts'
import type { RawClaims } from './open.ts'

/** The claims of tokens that another library's app reads and writes too. */
export interface TheirClaims {
  /** What the token says here: as we left it, or as another library's, which says neither a session of ours nor how it began. */
  readonly read: (claims: RawClaims, value: string, now: Date) => Awaitable<RawClaims>
  /** What that app finds: its own claims, and ours in one that it can neither read nor change. */
  readonly write: (token: AnyToken) => Promise<RawClaims>
}

/**
 * What says which session it is, when we issued the token, and how the person signed in. Apps let clients write into their claims now and
 * then (a jwt callback that merges what `update` sends), so that these are sealed. Our `iat` is among them: a token that the other app
 * writes anew every minute would never be old enough to be checked against its row.
 */
const SEALED = ['sub', 'iat', 'jti', 'sessionId', 'authTime', 'adoptedAt', 'amr'] as const
const RESERVED = new Set<string>([...SEALED, 'exp', 'latchkey'])
const PURPOSE = 'latchkey.shared-session.1'

/** @param secrets of this app alone: the other one only keeps what is sealed */
export function createTheirClaims(secrets: () => readonly string[]): TheirClaims {
  const box = memoize(() => createBox(secrets(), PURPOSE))
  return {
    read: (claims, value, now) => {
      const { latchkey } = claims
      if (typeof latchkey !== 'string') return toForeign(claims, value, now)
      return andThen(box().open(latchkey), (text) => {
        const sealed = text === null ? null : (JSON.parse(text) as RawClaims) // authentic: we have written it
        // Of somebody else: that app signed another person in and kept what it had.
        if (sealed?.sub !== claims.sub) return toForeign(claims, value, now)
        return { ...withoutReserved(claims), ...sealed, exp: claims.exp }
      })
    },
    write: async (token) => {
      const { sub, iat, exp, jti } = token
      const sealed = Object.fromEntries(SEALED.map((claim) => [claim, token[claim]]))
      return { ...withoutReserved(token), sub, iat, exp, jti, latchkey: await box().seal(JSON.stringify(sealed)) }
    },
  }
}

/** The session of a token that lacks an id is named after the token. One that lacks its time begins now, and ends as it says. */
function toForeign(claims: RawClaims, value: string, now: Date): Awaitable<RawClaims> {
  const { sub, exp, iat = Math.floor(now.getTime() / 1_000), nbf, jti } = claims
  const others = { ...withoutReserved(claims), sub, exp, iat, ...(nbf !== undefined && { nbf }) }
  if (jti !== undefined) return { ...others, jti }
  return andThen(sha256(value), (digest) => ({ ...others, jti: digest }))
}

function withoutReserved(claims: RawClaims): RawClaims {
  return Object.fromEntries(Object.entries(claims).filter(([claim]) => !RESERVED.has(claim)))
}

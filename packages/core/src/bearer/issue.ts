import { CHUNK_LENGTH } from '../cookie/session-cookie.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { checkIssuedClaims } from '../roles/claims.ts'
import type { TokenSettings } from '../config/settings.ts'
import { toEncoded } from '../session/encoded.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenIdentity } from '../session/identity.ts'
import { sealToken } from '../token/seal.ts'
import type { AnyToken } from '../contract/token.ts'
import type { Bearer } from './bearer.ts'
import { ACCESS_TYP, REFRESH_TYP } from './header.ts'
import { type RowClaims, type RowState, toRowState } from './row-state.ts'

/** A pair as it leaves the engine, with whose it is. */
export interface IssuedPair {
  readonly identity: Identity
  readonly accessToken: string
  readonly refreshToken: string
  /** When each ends. */
  readonly accessExpires: Date
  readonly refreshExpires: Date
}

/** How a refresh token travels. */
export type RefreshIn = 'cookie' | 'body'

/** How long a token may be: a request carries it in one header, beside others. */
const MAX_LENGTH = 8_192

export interface Lives {
  readonly accessExpires: Date
  readonly refreshExpires: Date
}

/** Both lifetimes, each from its issue, neither beyond the family's end. */
export function readLives(tokens: TokenSettings, startedAt: Date, now: Date): Lives {
  const cap = startedAt.getTime() + tokens.familyMaxAge
  return {
    accessExpires: new Date(Math.min(now.getTime() + tokens.accessTokenMaxAge, cap)),
    refreshExpires: new Date(Math.min(now.getTime() + tokens.refreshTokenMaxAge, cap)),
  }
}

/** Whose tokens are issued and where they go. */
export interface IssueParams {
  /** What the jwt callback returned. */
  readonly token: AnyToken
  readonly startedAt: Date
  readonly generation: number
  /** null: claims don't come from rows. */
  readonly rows: RowClaims | null
  /** Of the refresh token that is exchanged. */
  readonly rowState: RowState | undefined
  readonly refreshIn: RefreshIn
}

/**
 * Checks the claims and seals the two tokens of one generation. The refresh token carries the claims too, so that refreshing needs no store.
 *
 * @throws AuthError `InvalidClaim`, `CallbackRouteError`, `SessionTooLarge`
 */
export async function issuePair(bearer: Bearer, params: IssueParams): Promise<IssuedPair> {
  const { engine, tokens, access, refresh } = bearer
  const { token, startedAt, generation, rows, refreshIn } = params
  const now = engine.settings.clock()
  const { accessExpires, refreshExpires } = readLives(tokens, startedAt, now)
  checkIssuedClaims(engine.settings.claims, token)
  const { origin } = engine.settings.baseUrl
  const encoded = toEncoded(token)
  const claims = { ...encoded, iat: toSeconds(now.getTime()), iss: origin, aud: origin }
  const accessClaims = { ...claims, exp: toSeconds(accessExpires.getTime()), jti: crypto.randomUUID() }
  const rowState = rows && { rowState: toRowState(engine, encoded, rows, params.rowState) }
  const refreshClaims = {
    ...claims,
    exp: toSeconds(refreshExpires.getTime()),
    jti: crypto.randomUUID(),
    generation,
    ...rowState,
  }
  const { iss: _iss, aud: _aud, ...visible } = accessClaims
  return {
    identity: toTokenIdentity(visible, toSeconds(startedAt.getTime()), true),
    accessToken: requireLength(await sealToken(access, accessClaims, ACCESS_TYP), MAX_LENGTH),
    refreshToken: requireLength(
      await sealToken(refresh, refreshClaims, REFRESH_TYP),
      refreshIn === 'cookie' ? CHUNK_LENGTH : MAX_LENGTH,
    ),
    accessExpires,
    refreshExpires,
  }
}

function requireLength(token: string, max: number): string {
  if (token.length <= max) return token
  throw new AuthError('SessionTooLarge', { detail: `the token has ${token.length} bytes, ${max} can be carried` })
}

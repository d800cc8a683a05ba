import { type Adapter, isSessionAdapter, type SessionAdapter } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { TokenSettings } from '../config/settings.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenIdentity } from '../session/identity.ts'
import type { Revocations } from '../session/revocations.ts'
import type { Issued } from '../session/strategy.ts'
import { verifyClaims } from '../token/claims.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken, type RawClaims } from '../token/open.ts'
import { verifyAudience } from './audience.ts'
import { confirmAccess } from './confirm-access.ts'
import { ACCESS_TYP, REFRESH_TYP } from './header.ts'

/** What the functions of this folder share. */
export interface Bearer {
  readonly engine: Engine
  readonly tokens: TokenSettings
  readonly access: KeyRing
  readonly refresh: KeyRing
  readonly revocations: Revocations
  /** The adapter that enforces rotation; null: none can. */
  readonly rows: SessionAdapter | null
  /**
   * An Auth.js adapter whose table of sessions says which families haven't ended, if rotation can't be enforced. Under the database
   * strategy only: under the other, an app may never have made that table.
   */
  readonly table: Adapter | null
}

/** Keys of their own per kind: an access token opens nowhere else, and nothing else opens as one. */
export function createBearer(engine: Engine, revocations: Revocations): Bearer | null {
  const { settings } = engine
  const { tokens } = settings
  if (!tokens) return null
  const rows = isSessionAdapter(engine.adapter) ? engine.adapter : null
  if (engine.adapter && !rows) {
    engine.warnOnce(
      'tokens.enabled',
      'tokens.enabled: this adapter keeps no sessions by id, so that rotation of refresh tokens is not enforced: a copied one works until it expires',
    )
  }
  return {
    engine,
    tokens,
    revocations,
    access: createKeyRing(() => ({ secrets: settings.secrets, salt: ACCESS_TYP })),
    refresh: createKeyRing(() => ({ secrets: settings.secrets, salt: REFRESH_TYP })),
    rows,
    table: settings.strategy === 'database' && !rows ? (engine.adapter ?? null) : null,
  }
}

/**
 * Verifies an access token. It outlives its session by `accessTokenMaxAge` at most, and not at all in the instance that ended it and in those
 * that have heard of it. The store is asked only if its end may have gone unheard.
 *
 * @throws AuthError `AccessTokenExpired`, `SessionRevoked`, `InvalidToken`
 */
export async function openAccessToken(bearer: Bearer, value: string): Promise<Issued> {
  const opened = await openToken(bearer.access, value, ACCESS_TYP)
  const identity = validateAccess(bearer, opened, bearer.engine.settings.clock())
  const { confirmedAt } = await confirmAccess(bearer, identity.token)
  return { identity, fresh: { until: identity.token.exp * 1_000, slideAt: Infinity, confirmedAt } }
}

/**
 * Whose access token it is, also after it has expired: a client whose clock is behind must be able to sign out.
 *
 * @throws AuthError `SessionRevoked`, `InvalidToken`
 */
export async function identifyAccessToken(
  bearer: Bearer,
  value: string,
): Promise<{ readonly identity: Identity; readonly hasExpired: boolean }> {
  const opened = await openToken(bearer.access, value, ACCESS_TYP)
  try {
    return { identity: validateAccess(bearer, opened, bearer.engine.settings.clock()), hasExpired: false }
  } catch (error) {
    if (!(isAuthError(error) && error.kind === 'AccessTokenExpired')) throw error
    // `iat` is a number, or it would have been refused for that. At that moment the token was good.
    return { identity: validateAccess(bearer, opened, new Date(Number(opened.iat) * 1_000)), hasExpired: true }
  }
}

function validateAccess({ engine, revocations }: Bearer, opened: RawClaims, now: Date): Identity {
  const { token, startedAt } = verifyClaims(verifyAudience(engine, opened), now, 'AccessTokenExpired')
  if (revocations.has(token.sessionId)) throw new AuthError('SessionRevoked')
  return toTokenIdentity(token, startedAt, true)
}

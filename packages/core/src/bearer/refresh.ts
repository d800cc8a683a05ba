import { AuthError, isAuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { rerunJwt } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import { writeClaims } from '../session/write-claims.ts'
import { verifyClaims } from '../token/claims.ts'
import { hashSessionId } from '../token/hash.ts'
import { openToken } from '../token/open.ts'
import type { AnyToken } from '../contract/token.ts'
import { verifyAudience } from './audience.ts'
import type { Bearer } from './bearer.ts'
import {
  checkPosition,
  endFamily,
  type Family,
  findFamily,
  nextGeneration,
  type RefreshToken,
  rotate,
  toFamilyIdentity,
} from './family.ts'
import { REFRESH_TYP } from './header.ts'
import { type IssuedPair, issuePair, type RefreshIn, readLives } from './issue.ts'
import { readRows, readRowState, type RowClaims, withPatch, withRows } from './row-state.ts'

/** Declared claims by name. */
type Patch = Readonly<Record<string, unknown>>

/** What a refresh is asked for. */
export interface RefreshParams {
  readonly refreshIn: RefreshIn
  /** Declared claims to merge in (`updateSession` over a bearer), or null; gets the session's identity. */
  readonly readPatch: (identity: Identity) => Promise<Patch | null>
}

/** A refresh before its one write: everything else that can fail has succeeded. */
export interface PreparedRefresh {
  readonly pair: IssuedPair
  /**
   * Consumes the refresh token. Everything else that the response needs comes before.
   *
   * @throws AuthError `SessionRevoked`, `TokenReuse`, `AdapterError`
   */
  readonly write: () => Promise<void>
}

/**
 * Exchanges a refresh token for a new pair (RFC 6749 section 6, rotation as RFC 9700 section 4.14.2), up to the write.
 *
 * @throws AuthError `SessionRevoked`, `TokenReuse`, `InvalidClaim`, `SessionTooLarge`, `CallbackRouteError`, `AdapterError`
 */
export async function prepareRefresh(
  bearer: Bearer,
  refresh: RefreshToken,
  { refreshIn, readPatch }: RefreshParams,
): Promise<PreparedRefresh> {
  const { engine } = bearer
  const { startedAt, rowState } = refresh
  const family = await findFamily(bearer, refresh)
  await checkPosition(bearer, refresh, family.row)
  const rows = readFamilyRows(bearer, family)
  const current = rows ? withRows(engine, refresh.token, rows, rowState) : refresh.token
  const patch = await readPatch(toFamilyIdentity({ ...refresh, token: current }))
  const token = await rebuild(bearer, refresh, current, patch, family.user)
  const written = rows && patch ? withPatch(rows, patch) : rows
  const generation = nextGeneration(refresh)
  const pair = await issuePair(bearer, { token, startedAt, generation, rows: written, rowState, refreshIn })
  return { pair, write: () => write(bearer, refresh, family, patch, pair.refreshExpires) }
}

/** @throws AuthError `InvalidToken`, `SessionExpired` */
export async function openRefreshToken({ engine, refresh, tokens }: Bearer, value: unknown): Promise<RefreshToken> {
  if (typeof value !== 'string') throw new AuthError('InvalidToken')
  const now = engine.settings.clock()
  const { generation, rowState, ...claims } = verifyAudience(engine, await openToken(refresh, value, REFRESH_TYP))
  const { token, startedAt } = verifyClaims(claims, now)
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation)) throw new AuthError('InvalidToken')
  if (startedAt * 1_000 + tokens.familyMaxAge <= now.getTime()) throw new AuthError('SessionExpired')
  return { token, generation, startedAt: new Date(startedAt * 1_000), rowState: readRowState(rowState) }
}

/** The rows' claims, if sessions are rows; null if they live in tokens. */
function readFamilyRows({ engine }: Bearer, { row, user }: Family): RowClaims | null {
  const hasRows = engine.settings.strategy === 'database' && user !== null
  return hasRows ? readRows(engine, user, row?.session.claims ?? null) : null
}

/** Builds the claims anew through the jwt callback; null from it ends the family. */
async function rebuild(
  bearer: Bearer,
  refresh: RefreshToken,
  current: AnyToken,
  patch: Patch | null,
  stored: Family['user'],
): Promise<AnyToken> {
  const { engine, tokens } = bearer
  const now = engine.settings.clock()
  const { accessExpires } = readLives(tokens, refresh.startedAt, now)
  const times = { iat: toSeconds(now.getTime()), exp: toSeconds(accessExpires.getTime()) }
  try {
    return await rerunJwt(engine.callbacks, { ...current, ...times, ...patch }, patch, stored)
  } catch (error) {
    if (!(isAuthError(error) && error.kind === 'TokenRefused')) throw error
    await endFamily(bearer, refresh)
    throw new AuthError('SessionRevoked', { cause: error })
  }
}

async function write(
  bearer: Bearer,
  refresh: RefreshToken,
  { row }: Family,
  patch: Patch | null,
  expires: Date,
): Promise<void> {
  if (!bearer.rows || !row) return
  // Under the database strategy a patch belongs to the session's row. First: writing it twice is writing it once, consuming the token isn't.
  if (patch && bearer.engine.settings.strategy === 'database')
    await writeClaims(bearer.rows, await hashSessionId(refresh.token.sessionId), patch)
  await rotate(bearer, refresh, row, expires)
}

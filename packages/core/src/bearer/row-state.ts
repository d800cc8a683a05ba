import type { AdapterUser, StoredSession } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { isPlainObject, isSameJson } from '../internal/json.ts'
import { readRoles } from '../roles/read.ts'
import { readRowClaims } from '../session/row-claims.ts'
import type { AnyToken } from '../contract/token.ts'

/**
 * What a refresh token carries under the database strategy, so that the next refresh can tell what the rows said from what the jwt callback
 * made of it: the former is read anew, the latter stays.
 */
export interface RowState {
  /** Names of the claims that the jwt callback set or removed. */
  readonly own: readonly string[]
  /** The roles that the rows had. */
  readonly roles: readonly string[]
}

const NOTHING_OWN: RowState = { own: [], roles: [] }

/** The claims that the rows have now. */
export interface RowClaims {
  /** Default claims, roles and declared claims by name. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Names of those that `updateSession` stored with the session: a later decision than the callback's at sign-in. */
  readonly stored: ReadonlySet<string>
}

export function readRows(engine: Engine, user: AdapterUser, stored: StoredSession['claims']): RowClaims {
  const { name, email, image } = user
  const claims = {
    ...readRowClaims(engine, user, stored),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(image !== undefined && { picture: image }),
  }
  return { claims, stored: new Set(Object.keys(stored ?? {})) }
}

/** The same rows with a patch that is about to be stored with the session. */
export function withPatch({ claims, stored }: RowClaims, patch: Readonly<Record<string, unknown>>): RowClaims {
  return { claims: { ...claims, ...patch }, stored: new Set([...stored, ...Object.keys(patch)]) }
}

/** The claims of a token as the rows have them now; those that the jwt callback decided stay, others are gone if the rows have none. */
export function withRows(
  engine: Engine,
  token: AnyToken,
  { claims, stored }: RowClaims,
  state: RowState = NOTHING_OWN,
): AnyToken {
  const isOwn = (name: string) => state.own.includes(name) && !stored.has(name)
  const followed = followedClaims(engine).filter((name) => !isOwn(name))
  const kept = Object.entries(token).filter(([name]) => !followed.includes(name))
  const read = Object.entries(claims).filter(([name]) => followed.includes(name))
  const roles = isOwn('roles') && {
    roles: mergeRoles(readRoles({ roles: claims.roles }), state.roles, readRoles({ roles: token.roles })),
  }
  // Rows have none of the members that every token must have: those are all kept.
  return { ...Object.fromEntries([...kept, ...read]), ...roles } as AnyToken
}

/** @param encoded the token that the jwt callback returned, as it will be read back */
export function toRowState(
  engine: Engine,
  encoded: AnyToken,
  { claims, stored }: RowClaims,
  before: RowState = NOTHING_OWN,
): RowState {
  const wasOwn = (name: string) => before.own.includes(name) && !stored.has(name)
  const own = followedClaims(engine).filter((name) => wasOwn(name) || !isSameJson(encoded[name], claims[name]))
  return { own, roles: own.includes('roles') ? readRoles({ roles: claims.roles }) : [] }
}

/** Reads the state out of an opened refresh token; undefined if it has none. */
export function readRowState(value: unknown): RowState | undefined {
  if (!isPlainObject(value)) return undefined
  return { own: toNames(value.own), roles: toNames(value.roles) }
}

function toNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

/** The claims that rows can have. */
function followedClaims({ settings }: Engine): readonly string[] {
  return ['name', 'email', 'picture', 'roles', ...settings.claims.keys()]
}

/** The rows' roles of today, with what the jwt callback once added to those of then and without what it took away. */
function mergeRoles(now: readonly string[], then: readonly string[], own: readonly string[]): readonly string[] {
  const added = own.filter((role) => !then.includes(role))
  const removed = then.filter((role) => !own.includes(role))
  return [...new Set([...now.filter((role) => !removed.includes(role)), ...added])]
}

import type { AdapterUser, StoredSession } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import { readClaims } from '../roles/claims.ts'
import { readRoles } from '../roles/read.ts'

/**
 * Roles and declared claims of a session's rows: what `updateSession` stored with the session first, then the user's columns of the same
 * name. An empty column is no claim.
 */
export function readRowClaims(
  { settings, warnOnce }: Engine,
  user: AdapterUser,
  stored: StoredSession['claims'],
): Record<string, unknown> {
  const source: Record<string, unknown> = {}
  const take = (name: string) => {
    if (stored && Object.hasOwn(stored, name)) source[name] = stored[name]
    else if (Object.hasOwn(user, name) && user[name] !== null) source[name] = user[name]
  }
  // Only what is asked for: a users table may have any number of columns.
  for (const name of settings.claims.keys()) take(name)
  take('roles')
  take('role')
  const misfit = (claim: string) =>
    warnOnce(`claim ${claim}`, `claim "${claim}" of a row does not fit its schema and is left out`)
  const claims = readClaims(settings.claims, source, misfit)
  claims.roles = readRoles(source)
  return claims
}

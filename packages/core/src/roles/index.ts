/**
 * Roles and claims of a session, for the server and for browsers alike: `@latchkey/core/session`. Imports nothing.
 */

/** What these functions look at: `ctx.session` and the session that a client gets both fit. */
export interface SessionLike<TRole extends string = string, TClaims = unknown> {
  readonly roles: readonly TRole[]
  readonly claims: TClaims
}

/**
 * Whether the session has the role. Names are exact and case-sensitive.
 *
 * @example hasRole(session, 'admin')
 */
export function hasRole<TRole extends string>(
  session: SessionLike<TRole> | null | undefined,
  role: NoInfer<TRole>,
): boolean {
  return session?.roles.includes(role) ?? false
}

/** Whether the session has at least one of the roles. */
export function hasAnyRole<TRole extends string>(
  session: SessionLike<TRole> | null | undefined,
  roles: readonly NoInfer<TRole>[],
): boolean {
  return roles.some((role) => hasRole(session, role))
}

/** A declared claim, or undefined. */
export function claim<TClaims, TKey extends keyof TClaims>(
  session: SessionLike<string, TClaims> | null | undefined,
  key: TKey,
): TClaims[TKey] | undefined {
  return session && Object.hasOwn(Object(session.claims), key) ? session.claims[key] : undefined
}

/** A claim only if it is a string; nothing is converted. */
export function stringClaim<TClaims>(
  session: SessionLike<string, TClaims> | null | undefined,
  key: keyof TClaims & string,
): string | undefined {
  const value = claim(session, key)
  return typeof value === 'string' ? value : undefined
}

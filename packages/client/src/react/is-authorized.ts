import { claim, hasAnyRole, type SessionLike } from '@latchkey/core/session'
import type { AuthorizedProps } from './types.ts'

/** Whether a session passes all tests. For what is shown: what may be done is the server's to decide. */
export function isAuthorized<TSession>(
  session: TSession,
  { role, claim: claims, when }: Pick<AuthorizedProps<TSession>, 'role' | 'claim' | 'when'>,
): boolean {
  const found = session as Partial<SessionLike<string, Readonly<Record<string, unknown>>>> // as far as the app's shape has them
  if (role !== undefined && !hasAnyRole(withRoles(found), [role].flat())) return false
  for (const [name, test] of Object.entries(claims ?? {})) {
    if (test !== undefined && !passes(claim(withRoles(found), name), test)) return false
  }
  return when?.(session) ?? true
}

function withRoles({
  roles = [],
  claims = {},
}: Partial<SessionLike<string, Readonly<Record<string, unknown>>>>): SessionLike<
  string,
  Readonly<Record<string, unknown>>
> {
  return { roles, claims }
}

function passes(value: unknown, test: unknown): boolean {
  if (typeof test === 'function') return value !== undefined && value !== null && test(value) === true
  return Object.is(value, test)
}

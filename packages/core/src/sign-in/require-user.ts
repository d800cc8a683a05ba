import { AuthError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import type { AnyUser } from '../contract/user.ts'

/**
 * `sub` is the id as text: a user without one, or whose id has no text of its own, would share a session with all others like it.
 *
 * @param from the function of the app that returned it
 * @throws AuthError `CallbackRouteError`
 */
export function requireUser(user: unknown, from: string): AnyUser {
  const given = isPlainObject(user) ? (user as Partial<AnyUser>) : {} // what its type says of it is checked here
  const id = Number.isNaN(given.id) ? '' : String(given.id ?? '')
  if (id === '' || id.startsWith('[object ')) {
    throw new AuthError('CallbackRouteError', { cause: new Error(`${from} must return a user with an id`) })
  }
  return { ...(given as AnyUser) } // it has an id
}

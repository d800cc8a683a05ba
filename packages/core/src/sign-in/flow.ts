import { invalidInput } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Settings } from '../config/settings.ts'
import type { Identity } from '../contract/identity.ts'

/** What a sign-in returns: a cookie or tokens. */
export interface Flow {
  readonly kind: 'cookie' | 'token'
  /** Where the refresh token of the token flow goes. */
  readonly refresh: 'cookie' | 'body'
}

/**
 * Which flow a sign-in asks for: tokens only if they are enabled and the input, the header or the configuration says so; an
 * explicit `flow: 'cookie'` beats the other two. A session is replaced by one of its own kind, whatever is asked for: a script on a page must not
 * turn a cookie that it can't read into tokens that it can.
 *
 * @param replaces the session that asks for another in its place; null: there is none
 * @throws AuthError `InvalidInput`
 */
export function readFlow(
  { tokens }: Settings,
  input: unknown,
  header: string | null | undefined,
  replaces: Identity | null = null,
): Flow {
  const { flow, refresh } = isPlainObject(input) ? input : {}
  if (flow !== undefined && flow !== 'cookie' && flow !== 'token') throw invalidInput('flow')
  if (refresh !== undefined && refresh !== 'cookie') throw invalidInput('refresh')
  const isAsked = flow === 'token' || tokens?.alwaysReturn || header?.toLowerCase() === 'token'
  const isToken = replaces ? replaces.isAccess : tokens && flow !== 'cookie' && isAsked
  const kind = isToken ? 'token' : 'cookie'
  return { kind, refresh: kind === 'token' && refresh === 'cookie' ? 'cookie' : 'body' }
}

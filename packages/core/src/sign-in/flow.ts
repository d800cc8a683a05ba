import { invalidInput } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Settings } from '../config/settings.ts'

/** What a sign-in returns: a cookie or tokens. */
export interface Flow {
  readonly kind: 'cookie' | 'token'
  /** Where the refresh token of the token flow goes. */
  readonly refresh: 'cookie' | 'body'
}

/**
 * Which flow a sign-in asks for: tokens only if they are enabled and the input, the header or the configuration says so; an
 * explicit `flow: 'cookie'` beats the other two.
 *
 * @throws AuthError `InvalidInput`
 */
export function readFlow({ tokens }: Settings, input: unknown, header: string | null | undefined): Flow {
  const { flow, refresh } = isPlainObject(input) ? input : {}
  if (flow !== undefined && flow !== 'cookie' && flow !== 'token') throw invalidInput('flow')
  if (refresh !== undefined && refresh !== 'cookie') throw invalidInput('refresh')
  const isAsked = flow === 'token' || tokens?.alwaysReturn || header?.toLowerCase() === 'token'
  const kind = tokens && flow !== 'cookie' && isAsked ? 'token' : 'cookie'
  return { kind, refresh: kind === 'token' && refresh === 'cookie' ? 'cookie' : 'body' }
}

import { configurationError, readDuration } from '@latchkey/core'
import type { ApiKeyOptions } from './options.ts'

/** The options, checked, with every default in place. Durations are milliseconds. */
export interface Settings {
  readonly scopes: ReadonlySet<string>
  readonly prefix: string
  readonly maxAge: number | null
  readonly maxPerUser: number
  readonly rateLimit: { readonly max: number; readonly window: number } | null
  readonly claims: ApiKeyOptions['claims']
}

/** @throws AuthError `Configuration`, naming the option and the fix */
export function readSettings({
  scopes,
  prefix = 'lk',
  maxAge,
  maxPerUser = 50,
  rateLimit,
  claims,
}: ApiKeyOptions): Settings {
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isName))
    throw configurationError('apiKeys.scopes', `name at least one: scopes: ['posts:read']`)
  if (!/^[a-z0-9]{2,20}$/i.test(prefix)) throw configurationError('apiKeys.prefix', 'use 2 to 20 letters and digits')
  return {
    scopes: new Set(scopes),
    prefix,
    maxAge: maxAge === undefined ? null : readDuration('apiKeys.maxAge', maxAge, maxAge),
    maxPerUser: readCount('apiKeys.maxPerUser', maxPerUser),
    rateLimit: rateLimit
      ? {
          max: readCount('apiKeys.rateLimit.max', rateLimit.max),
          window: readDuration('apiKeys.rateLimit.window', rateLimit.window, rateLimit.window),
        }
      : null,
    claims,
  }
}

function isName(scope: unknown): boolean {
  return typeof scope === 'string' && scope !== ''
}

function readCount(option: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw configurationError(option, 'write a whole number, one or more')
  return value
}

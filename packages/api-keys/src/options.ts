import { type Awaitable, configurationError, type Duration, readDuration, type UserRow } from '@latchkey/core'

/** How many requests one key may make. */
export interface ApiKeyRateLimit {
  /** How many requests one key may make in a window. */
  readonly max: number
  /** Seconds, or text with a unit: `'1m'`. */
  readonly window: Duration
}

/** What `apiKeys()` takes. */
export interface ApiKeyOptions<TScope extends string = string> {
  /** What keys may do: the names that `create` takes and `requireScope` asks for. At least one. */
  readonly scopes: readonly [TScope, ...TScope[]]
  /**
   * What every key begins with, before an underscore. Letters and digits.
   *
   * @default 'lk'
   */
  readonly prefix?: string
  /**
   * The longest life that a key may be given, and the life of one that isn't given any.
   *
   * @default none: a key lasts until it is revoked, unless it is given a life
   */
  readonly maxAge?: Duration
  /**
   * How many keys one user may have at a time.
   *
   * @default 50
   */
  readonly maxPerUser?: number
  /**
   * How many requests each key may make, counted in a table, so that all instances count together. A request above it fails with
   * `RateLimited` and says when to come back.
   *
   * @default not limited
   */
  readonly rateLimit?: ApiKeyRateLimit
  /**
   * Roles and declared claims of a caller with a key of this user.
   *
   * @default the user's columns of these names
   * @example claims: () => ({ roles: ['robot'] })
   */
  readonly claims?: (user: UserRow) => Awaitable<Readonly<Record<string, unknown>>>
}

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

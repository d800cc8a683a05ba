import type { Awaitable, Duration, UserRow } from '@latchkey/core'

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

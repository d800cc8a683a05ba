import type { Duration } from '../internal/types.ts'

/** The access and refresh tokens of clients without cookies. */
export interface TokenOptions<TEnabled extends boolean = boolean> {
  /**
   * Whether there are any. With `false` the other options have no effect.
   *
   * Rotation of refresh tokens is enforced by an adapter that keeps sessions by id (`SessionAdapter`: `memoryAdapter()`,
   * `kyselyAdapter(db)`). Without one a copied refresh token works until it expires, and with an Auth.js adapter the log says so at start.
   */
  readonly enabled: TEnabled
  /**
   * How long an access token lasts. It is checked against no store, so this is also how long one of an ended session may live on
   * in another instance.
   *
   * @default '15m'
   */
  readonly accessTokenMaxAge?: Duration
  /**
   * How long a refresh token lasts, counted from its own issue.
   *
   * @default '30d'
   */
  readonly refreshTokenMaxAge?: Duration
  /**
   * When a chain of refresh tokens ends for good, counted from sign-in.
   *
   * @default '90d'
   */
  readonly familyMaxAge?: Duration
  /**
   * How long the token that was just replaced still works, for the client whose response was lost and for the one that refreshed
   * twice at once. A client notices a lost response after its `refreshTimeout` (10 seconds): let this be a multiple of it. Needs an adapter that keeps sessions by id: without one, rotation can't be enforced at all, and a copied refresh
   * token works until it expires.
   *
   * @default '30s'
   */
  readonly reuseWindow?: Duration
  /**
   * Whether a sign-in returns tokens unless the call says `flow: 'cookie'`.
   *
   * @default false
   */
  readonly alwaysReturn?: boolean
}

/** Bounds of the cache of opened tokens. */
export interface TokenCacheOptions {
  /**
   * How many tokens. Those used longest ago are dropped first.
   *
   * @default 10_000
   */
  readonly maxEntries?: number
  /**
   * How many bytes of memory, about.
   *
   * @default 16 MiB
   */
  readonly maxBytes?: number
}

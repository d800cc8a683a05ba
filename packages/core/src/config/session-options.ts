import type { Duration } from '../internal/types.ts'

/** Where sessions live, and for how long. Durations are seconds, or text with a unit (`'30d'`). */
export interface SessionOptions {
  /**
   * Where a session lives: in an encrypted cookie (`'jwt'`) or in a row that an opaque cookie names (`'database'`).
   *
   * @default 'database' with an adapter and no credentials provider, else 'jwt'
   */
  readonly strategy?: 'jwt' | 'database'
  /**
   * How long a session lasts after it was last extended.
   *
   * @default '30d'
   */
  readonly maxAge?: Duration
  /**
   * How often a session in use is extended, at most. As long as `maxAge` or longer: never.
   *
   * @default '1d', or half of `maxAge` if that is less
   */
  readonly updateAge?: Duration
  /**
   * When a session ends for good, counted from sign-in, however much it is used.
   *
   * @default '90d'
   */
  readonly absoluteMaxAge?: Duration
  /**
   * How old a jwt cookie may be before it is checked against its row (if the adapter keeps one) and renewed
   * through the jwt callback. It bounds how long a removed role or a missed revocation may live on; the database strategy needs
   * no such bound, its rows are read on every request.
   *
   * @default '5m'
   */
  readonly revalidateAge?: Duration
  /**
   * How recent a sign-in must be for `requireFresh()`.
   *
   * @default '10m'
   */
  readonly freshAge?: Duration
  /**
   * Under the database strategy, uses a row that was read a moment ago without reading it again. What this instance ends or changes,
   * and what a shared `bus` tells of others, counts at once. Whatever else changes (another instance's sign-out without a bus, a role or a
   * user that the app changes in its tables) may live on for `maxAge`.
   *
   * @default off: the row is read on every request
   */
  readonly rowCache?: RowCacheOptions
}

/** Bounds of the row cache. */
export interface RowCacheOptions {
  /** How old a row may be: how long an ended session or a removed role may live on unseen. A few seconds are enough to save most reads. */
  readonly maxAge: Duration
  /**
   * How many rows. Those read longest ago are dropped first.
   *
   * @default 10_000
   */
  readonly maxEntries?: number
}

import { configurationError, type Duration, readDuration } from '@latchkey/core'

/** Options of {@link withRedisCache}. */
export interface RedisCacheOptions {
  /**
   * Seals what is kept in Redis: a row has personal data, and a forged one would sign somebody in. The `secret` of `createAuth` will do: the
   * key is derived for this purpose. Pass several to rotate: the first seals, all open.
   */
  readonly secret: string | readonly [string, ...string[]]
  /**
   * How long a row is kept. What an instance ends or changes is gone from the cache at once; only if that instance can't reach Redis while others can, or if
   * somebody else writes to the database, the others go on with a row for this long.
   *
   * @default '5s'
   */
  readonly maxAge?: Duration
  /**
   * How long a read waits for Redis before it asks the store. Then Redis isn't asked for a second.
   *
   * @default 0.05
   */
  readonly timeout?: Duration
  /**
   * What its keys begin with. Give each app that shares a Redis its own.
   *
   * @default 'latchkey:'
   */
  readonly prefix?: string
}

export interface RedisCacheSettings {
  readonly secrets: readonly string[]
  /** Milliseconds. */
  readonly maxAge: number
  /** Milliseconds. */
  readonly timeout: number
  readonly prefix: string
}

const MIN_SECRET_BYTES = 32

/** @throws AuthError `Configuration` */
export function readCacheOptions(options: RedisCacheOptions): RedisCacheSettings {
  const { secret, prefix = 'latchkey:' } = options
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const isUsable = (item: unknown): item is string =>
    typeof item === 'string' && new TextEncoder().encode(item).length >= MIN_SECRET_BYTES
  if (secrets.length === 0 || !secrets.every(isUsable))
    throw configurationError('withRedisCache.secret', 'set it to the `secret` of createAuth, at least 32 random bytes')
  const maxAge = Math.ceil(readDuration('withRedisCache.maxAge', options.maxAge, '5s'))
  return { secrets, maxAge, timeout: readDuration('withRedisCache.timeout', options.timeout, 0.05), prefix }
}

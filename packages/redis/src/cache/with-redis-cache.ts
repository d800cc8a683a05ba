import type { SessionAdapter } from '@latchkey/core'
import type { RedisCommands } from '../client/redis-client.ts'
import { readCacheOptions, type RedisCacheOptions } from './options.ts'
import { createSessionCache, type SessionCache } from './session-cache.ts'

/**
 * Keeps the rows of sessions in Redis or Valkey for a few seconds, so that the database is asked less often. Returns the same adapter with this in between.
 *
 * The store stays the authority. What is ended or changed through this adapter, on any instance, is gone from the cache when the call is done:
 * the next read anywhere sees it. Without Redis, or if it is slow, every read goes to the store. Rows are sealed; keys are digests; everything expires.
 *
 * @param adapter any that lists and revokes sessions, such as `kyselyAdapter(db)`
 * @param redis a client of `ioredis` or `redis`, also of a cluster or with Sentinels
 * @throws AuthError `Configuration` for a wrong option
 * @example createAuth({ adapter: withRedisCache(kyselyAdapter(db), redis, { secret: process.env.AUTH_SECRET! }), … })
 */
export function withRedisCache<TAdapter extends SessionAdapter>(
  adapter: TAdapter,
  redis: RedisCommands,
  options: RedisCacheOptions,
): TAdapter {
  const cached: Partial<SessionAdapter> = cacheMethods(adapter, createSessionCache(redis, readCacheOptions(options)))
  return new Proxy(adapter, {
    get: (target, name) => {
      const own: unknown = Reflect.get(cached, name)
      const value: unknown = own ?? Reflect.get(target, name)
      // An adapter may be of a class, with private fields.
      return typeof value === 'function' && !own ? value.bind(target) : value
    },
  })
}

/** Every method that reads or writes a session's row, or its user's. */
function cacheMethods(adapter: SessionAdapter, cache: SessionCache): Partial<SessionAdapter> {
  const bySession = async <T>(sessionToken: string, write: () => PromiseLike<T> | T): Promise<T> =>
    around(await cache.beginSessionWrite(sessionToken), write)
  const byUser = async <T>(userId: string, write: () => PromiseLike<T> | T): Promise<T> =>
    around(await cache.beginUserWrite(userId), write)
  return {
    getSessionAndUser: async (sessionToken) => {
      // No session has an empty token: this asks whether the store works.
      const cached = sessionToken === '' ? null : await cache.read(sessionToken)
      if (cached && 'found' in cached) return cached.found
      const found = await adapter.getSessionAndUser(sessionToken)
      if (cached && found) void cache.put(cached.lease, found)
      return found
    },
    slideSession: (slide) => bySession(slide.sessionToken, () => adapter.slideSession(slide)),
    rotateSession: (rotation) => bySession(rotation.sessionToken, () => adapter.rotateSession(rotation)),
    writeSessionClaims: (write) => bySession(write.sessionToken, () => adapter.writeSessionClaims(write)),
    deleteSession: (sessionToken, now) => bySession(sessionToken, () => adapter.deleteSession(sessionToken, now)),
    ...(adapter.updateSession && {
      updateSession: (session) => bySession(session.sessionToken, () => adapter.updateSession?.(session)),
    }),
    revokeSession: (params) => byUser(params.userId, () => adapter.revokeSession(params)),
    revokeSessions: (params) => byUser(params.userId, () => adapter.revokeSessions(params)),
    updateUser: (user) => byUser(user.id, () => adapter.updateUser(user)),
    deleteUser: (id) => byUser(id, () => adapter.deleteUser(id)),
  }
}

/** After a write that failed, rows stay out of the cache for a while: it may be done later, or be done already. */
async function around<T>(end: () => Promise<void>, write: () => PromiseLike<T> | T): Promise<T> {
  const result = await write()
  await end()
  return result
}

import { describe, test } from 'vitest'
import { HAS_REDIS_SERVER } from './own-redis.ts'

/** Tests that start a Redis of their own: without the program they are skipped and say so; with REQUIRE_SERVICES=1 they fail. */
export function describeWithRedis(title: string, suite: () => void): void {
  if (HAS_REDIS_SERVER) {
    describe(title, suite)
    return
  }
  if (process.env.REQUIRE_SERVICES === '1') {
    describe(title, () => {
      test('needs redis-server', () => {
        throw new Error('there is no redis-server, and REQUIRE_SERVICES=1 says that there must be one')
      })
    })
    return
  }
  console.warn(`SKIPPED: ${title}: no redis-server`)
  describe.skip(`${title} (skipped: no redis-server)`, suite)
}

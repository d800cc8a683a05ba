import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'kysely',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/compile.ts',
  },
  resolve: { conditions: ['latchkey-source'] },
  // Not 'import': Node would apply it to what CommonJS packages require, and `pg` then gets modules where it expects classes.
  ssr: { resolve: { conditions: ['latchkey-source', 'node', 'default'] } },
})

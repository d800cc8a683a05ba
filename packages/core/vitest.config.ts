import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'core', testTimeout: 30_000, hookTimeout: 60_000, include: ['test/**/*.test.ts'] },
  resolve: { conditions: ['latchkey-source'] },
  ssr: { resolve: { conditions: ['latchkey-source', 'node', 'import', 'default'] } },
})

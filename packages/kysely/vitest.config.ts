import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'kysely', include: ['test/**/*.test.ts'] },
  resolve: { conditions: ['latchkey-source'] },
  ssr: { resolve: { conditions: ['latchkey-source', 'node', 'import', 'default'] } },
})

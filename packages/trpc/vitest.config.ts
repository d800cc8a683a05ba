import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'trpc',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: 'test/tsconfig.json' },
  },
  resolve: { conditions: ['latchkey-source'] },
  // Not 'import': vitest hands these to Node, which would then give ES modules to CommonJS packages that `require` (Express's router).
  ssr: { resolve: { conditions: ['latchkey-source', 'node'] } },
})

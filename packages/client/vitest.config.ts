import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'client',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['test/**/*.test.{ts,tsx}'],
    typecheck: { enabled: true, include: ['test/types/**/*.test-d.{ts,tsx}'], tsconfig: 'test/tsconfig.json' },
  },
  resolve: { conditions: ['latchkey-source'] },
  ssr: { resolve: { conditions: ['latchkey-source', 'node'] } },
})

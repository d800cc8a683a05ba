import { defineProject, type UserWorkspaceConfig } from 'vitest/config'

/**
 * The suite of a package: it reads the packages' sources, not what was built of them, and checks its type tests.
 *
 * Not under the condition `import`: vitest hands the conditions to Node, which would give ES modules to CommonJS packages that `require`
 * them (`pg`, Express's router).
 */
export function definePackageSuite(name: string, test: UserWorkspaceConfig['test'] = {}): UserWorkspaceConfig {
  return defineProject({
    test: {
      name,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      include: ['test/**/*.test.{ts,tsx}'],
      typecheck: { enabled: true, include: ['test/types/**/*.test-d.{ts,tsx}'], tsconfig: 'test/tsconfig.json' },
      ...test,
    },
    resolve: { conditions: ['latchkey-source'] },
    ssr: { resolve: { conditions: ['latchkey-source', 'node', 'default'] } },
  })
}

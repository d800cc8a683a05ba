import { defineConfig } from 'vitest/config'

/** Every suite of the repository. One file of a suite at a time may want both cores: real servers and a real browser run in some. */
export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'apps/*/vitest.config.ts',
      'examples/*/vitest.config.ts',
      'test/vitest.config.ts',
    ],
  },
})

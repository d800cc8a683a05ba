import { defineConfig } from 'vitest/config'

/** Every suite of the repository. */
export default defineConfig({ test: { projects: ['{packages/*,apps/*,examples/*,test}/vitest.config.ts'] } })

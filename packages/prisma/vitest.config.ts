import { definePackageSuite } from '../../scripts/suite.ts'

/** A command of Prisma takes seconds, and more beside other suites. */
const PATIENCE = 300_000

export default definePackageSuite('prisma', {
  globalSetup: 'test/support/installed.ts',
  testTimeout: PATIENCE,
  hookTimeout: PATIENCE,
})

import { definePackageSuite } from '../../scripts/suite.ts'

export default definePackageSuite('prisma', { globalSetup: 'test/support/installed.ts' })

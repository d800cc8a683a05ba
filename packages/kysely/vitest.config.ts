import { definePackageSuite } from '../../scripts/suite.ts'

export default definePackageSuite('kysely', { globalSetup: 'test/support/compile.ts' })

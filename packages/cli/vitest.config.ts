import { definePackageSuite } from '../../scripts/suite.ts'

export default definePackageSuite('command-line')

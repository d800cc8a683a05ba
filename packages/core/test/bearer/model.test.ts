import { memoryAdapter } from '../../src/index.ts'
import { describeRefreshModel } from '../support/refresh-model.ts'

describeRefreshModel('memory', async () => memoryAdapter(), 500)

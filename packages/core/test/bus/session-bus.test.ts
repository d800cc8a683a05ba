import { createSessionBus } from '../../src/index.ts'
import { describeBus } from '../bus-contract.ts'
import { SILENT } from '../support/auth.ts'

describeBus('within one process', async () => {
  const bus = createSessionBus(SILENT)
  return { ends: [bus, bus], close: async () => {} }
})

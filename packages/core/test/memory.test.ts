import { memoryAdapter } from '../src/store/memory/adapter.ts'
import { describeSessionAdapter } from './adapter-contract.ts'
import { describeTables } from './table-contract.ts'

describeSessionAdapter('memory', async () => ({ adapter: memoryAdapter(), close: async () => {} }))

describeTables('memory', async () => {
  const store = memoryAdapter()
  return { store, addUser: (id) => store.createUser({ id }), close: async () => {} }
})

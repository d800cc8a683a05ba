import { memoryAdapter } from '../src/store/memory/adapter.ts'
import { describeSessionAdapter } from './adapter-contract.ts'

describeSessionAdapter('memory', async () => ({ adapter: memoryAdapter(), close: async () => {} }))

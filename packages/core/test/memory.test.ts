import { memoryAdapter } from '../src/memory.ts'
import { describeSessionAdapter } from './adapter-contract.ts'

describeSessionAdapter('memory', async () => ({ adapter: memoryAdapter(), close: async () => {} }))

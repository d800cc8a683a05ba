import { openMemory } from './lab.ts'
import { describeSecondStep } from './second-step.ts'

describeSecondStep('the memory store', openMemory)

import { openMemory } from './lab.ts'
import { describeSignInStory } from './story.ts'

describeSignInStory('the memory store', openMemory)

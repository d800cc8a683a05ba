import type { Budget } from './budget.ts'
import { refusal } from './errors.ts'

/** Charges what converting one value costs beyond its size, and refuses what would make much of little. Names are left to superjson. */
export function checkType(type: unknown, value: unknown, { spend }: Budget): void {
  const name: unknown = Array.isArray(type) ? type[0] : type
  switch (name) {
    case 'bigint':
    case 'URL':
      // Parsing digits and international host names takes the square of their length.
      return spend(readText(value).length)
    case 'regexp':
      return spend(weighPattern(readText(value)))
    case 'set':
    case 'map':
      // Numbers can be chosen to share one bucket of a Set: as many comparisons for each as there are.
      return spend(readList(value).length * STEPS_PER_ENTRY)
    case 'typed-array':
      // Of a number it would reserve as many bytes.
      return void readList(value)
  }
}

const STEPS_PER_ENTRY = 5
/** `\p{L}` is looked up in the tables of Unicode each time; with the flag `v` it may stand for thousands of strings. */
const STEPS_PER_PROPERTY = 500
const STEPS_PER_PROPERTY_OF_STRINGS = 10_000

function weighPattern(text: string): number {
  const properties = text.match(/\\p/gi)?.length ?? 0
  const flags = text.slice(text.lastIndexOf('/') + 1)
  return text.length + properties * (flags.includes('v') ? STEPS_PER_PROPERTY_OF_STRINGS : STEPS_PER_PROPERTY)
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw refusal('what is to be converted is not a text')
  return value
}

function readList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw refusal('what is to be converted is not a list')
  return value
}

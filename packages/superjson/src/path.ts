import { refusal } from './errors.ts'

/** The segments of a path as superjson writes it: a dot within a key is `\.` and, except in the format's first version, a backslash `\\`. */
export function parsePath(path: string, legacy: boolean): readonly string[] {
  const segments: string[] = []
  let segment = ''
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at)
    const next = path.charAt(at + 1)
    if (character === '.') {
      segments.push(segment)
      segment = ''
    } else if (character === '\\' && (next === '.' || (next === '\\' && !legacy))) {
      segment += next
      at++
    } else if (character === '\\' && !legacy) {
      throw refusal('a path is not escaped')
    } else {
      segment += character
    }
  }
  segments.push(segment)
  if (segments.some((name) => POLLUTING.has(name))) throw refusal('a path leads to a prototype')
  return segments
}

const POLLUTING: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

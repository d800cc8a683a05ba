import type { Budget } from './budget.ts'
import { refusal } from './errors.ts'
import { isObject } from './path.ts'

// Both go the way that superjson goes (its `getDeep` and `setDeep`) before it does, and pay for what it will count through.

/**
 * To the object of a reference, which it returns. What an object only inherits is refused: superjson would take `push` from a list, and a function under the name
 * `then` makes an `await` of the input wait for ever.
 */
export function walkToRead(root: unknown, segments: readonly string[], budget: Budget): unknown {
  let value = root
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at] ?? ''
    if (value instanceof Set) value = nthKey(value, segment, budget)
    else if (value instanceof Map) value = halfOf(value, nthKey(value, segment, budget), segments[++at])
    else value = readOwn(value, segment)
  }
  if (typeof value === 'function') throw refusal('a reference leads to a function')
  return value
}

/** Writes a reference. superjson writes nothing if the path leads into something else than lists, plain objects, Sets and Maps. */
export function walkToWrite(root: unknown, segments: readonly string[], budget: Budget): void {
  const last = segments.length - 1
  let holder = root
  for (let at = 0; at < last; at++) {
    const segment = segments[at] ?? ''
    if (holder instanceof Map) {
      // Half of an entry is what is written.
      if (at === last - 1) break
      holder = halfOf(holder, nthKey(holder, segment, budget), segments[++at])
    } else if (holder instanceof Set) holder = nthKey(holder, segment, budget)
    else if (Array.isArray(holder)) holder = holder[Number(segment)]
    else if (isObject(holder)) holder = Object.hasOwn(holder, segment) ? holder[segment] : undefined
  }
  if (Array.isArray(holder)) payForGrowth(holder, segments[last] ?? '', budget)
  else if (holder instanceof Set) nthKey(holder, segments[last] ?? '', budget)
  else if (holder instanceof Map) nthKey(holder, segments[last - 1] ?? '', budget)
}

/** superjson counts through the keys, a hundred in a step. */
function nthKey(collection: ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>, segment: string, { spend }: Budget) {
  const index = Math.min(Number(segment) || 0, collection.size)
  spend(Math.max(0, index / 100))
  const keys = collection.keys()
  for (let at = 0; at < index; at++) keys.next()
  return keys.next().value
}

/** The key of an entry or its value. */
function halfOf(map: ReadonlyMap<unknown, unknown>, key: unknown, segment: string | undefined): unknown {
  return Number(segment) === 0 ? key : map.get(key)
}

/** A list whose last item lies far beyond its end is short to write, and takes long to iterate. */
function payForGrowth(list: readonly unknown[], segment: string, { spend }: Budget): void {
  const index = Number(segment)
  if (index >= list.length) spend(index + 1 - list.length)
}

function readOwn(holder: unknown, name: string): unknown {
  if (holder === undefined || holder === null) throw refusal('a reference leads nowhere')
  const object: object = Object(holder)
  if (Object.hasOwn(object, name)) return (object as Readonly<Record<string, unknown>>)[name] // it has it
  if (name in object) throw refusal('a reference leads to something inherited')
  return undefined
}

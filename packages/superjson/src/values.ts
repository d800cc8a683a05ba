import type { Budget } from './budget.ts'
import { refusal } from './errors.ts'
import { isObject, parsePath } from './path.ts'
import { checkType } from './type.ts'

/** How paths are escaped, and what may be spent. */
export interface Reading {
  readonly legacy: boolean
  readonly budget: Budget
}

/**
 * Walks the tree of annotations (`meta.values`) over the plain JSON, as superjson will, and refuses what it would never have written:
 * a place that isn't there, a place converted twice, a way through one that is converted already. superjson converts children first,
 * so that all it has to go through is arrays and objects; what it would have to count through a Set or a Map for is an attack.
 */
export function checkValues(json: unknown, tree: unknown, { legacy, budget }: Reading): void {
  const converted = new Map<object, Set<string>>()
  visit(tree, json, 0)

  function visit(node: unknown, value: unknown, depth: number): void {
    const { type, children } = readNode(node)
    for (const [path, child] of Object.entries(children)) descend(path, child, value, depth)
    if (type !== undefined) checkType(type, value, budget)
  }

  function descend(path: string, child: unknown, from: unknown, above: number): void {
    const segments = parsePath(path, legacy)
    const depth = above + segments.length
    budget.spend(depth)
    const last = segments.at(-1) ?? ''
    const holder = segments.slice(0, -1).reduce((value, segment) => enter(value, segment, false), from)
    visit(child, enter(holder, last, true), depth)
    if (Array.isArray(child)) markConverted(holder, last)
  }

  function enter(holder: unknown, segment: string, isLast: boolean): unknown {
    if (typeof holder !== 'object' || holder === null) throw refusal('a path leads nowhere')
    if (converted.get(holder)?.has(keyOf(holder, segment))) throw refusal('a path leads through a converted value')
    return Array.isArray(holder) ? readItem(holder, segment, isLast) : readField(holder, segment, isLast)
  }

  function markConverted(holder: unknown, segment: string): void {
    const place = holder as object // `enter` has been there
    const keys = converted.get(place) ?? new Set()
    converted.set(place, keys.add(keyOf(place, segment)))
  }
}

/** An item has as many names as there are spellings of its number. */
function keyOf(holder: object, segment: string): string {
  return Array.isArray(holder) ? String(Number(segment)) : segment
}

function readItem(list: readonly unknown[], segment: string, isLast: boolean): unknown {
  const index = Number(segment)
  if (index in list) return list[index]
  // What hangs on a list beside its items, such as the groups of a match; superjson puts it aside.
  if (isLast && Number.isNaN(index)) return undefined
  throw refusal('a path leads beyond the end of a list')
}

function readField(holder: object, name: string, isLast: boolean): unknown {
  if (Object.hasOwn(holder, name)) return (holder as Readonly<Record<string, unknown>>)[name] // it has it
  // JSON leaves out what a transformer of the app made undefined.
  if (isLast && !(name in holder)) return undefined
  throw refusal('a path leads nowhere')
}

interface Node {
  /** Absent if the node only leads on. */
  readonly type?: unknown
  readonly children: object
}

function readNode(node: unknown): Node {
  if (isObject(node)) return { children: node }
  if (!Array.isArray(node) || node.length < 1 || node.length > 2) throw refusal('an annotation is malformed')
  const [type, children = {}]: readonly unknown[] = node
  if (!isObject(children)) throw refusal('an annotation is malformed')
  return { type, children }
}

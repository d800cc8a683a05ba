import type { Budget } from './budget.ts'
import { refusal } from './errors.ts'
import type { SuperjsonInstance } from './instance.ts'
import { isObject, parsePath } from './path.ts'
import type { Reading } from './values.ts'
import { walkToRead, walkToWrite } from './walk.ts'

/** Places that are to hold the very object that stands in another. */
export interface Reference {
  /** The path of the object; null for the whole input. */
  readonly from: string | null
  readonly to: readonly string[]
}

/** What `meta.referentialEqualities` asks for, in superjson's order. Charged at once, before anything is converted. */
export function readReferences(annotations: unknown, { spend }: Budget): readonly Reference[] {
  const references = Array.isArray(annotations)
    ? [readReference(null, annotations[0]), ...readAll(annotations[1] ?? {})]
    : readAll(annotations)
  for (const { from, to } of references)
    for (const path of [from ?? '', ...to]) spend(1 + path.length / CHARACTERS_PER_STEP)
  return references
}

const CHARACTERS_PER_STEP = 8

function readAll(references: unknown): readonly Reference[] {
  if (!isObject(references)) throw refusal('references are malformed')
  return Object.entries(references).map(([from, to]) => readReference(from, to))
}

function readReference(from: string | null, to: unknown): Reference {
  if (!Array.isArray(to) || !to.every((path) => typeof path === 'string')) throw refusal('references are malformed')
  return { from, to }
}

export interface ApplyOptions extends Reading {
  readonly superjson: SuperjsonInstance
  /** The version of superjson's format. */
  readonly version: number
}

/** Has superjson put the references in place, each after looking at its way through the value as it stands by then. */
export function applyReferences(value: unknown, references: readonly Reference[], options: ApplyOptions): void {
  const { legacy, budget } = options
  for (const { from, to } of references) {
    const object = from === null ? value : walkToRead(value, parsePath(from, legacy), budget)
    for (const path of to) {
      walkToWrite(value, parsePath(path, legacy), budget)
      write(value, path, object, options)
    }
  }
}

/** superjson writes it, so that it is written as superjson would: a pair of value and object is an input with one reference. */
function write(value: unknown, path: string, object: unknown, { superjson, version }: ApplyOptions): void {
  const meta = { referentialEqualities: { object: [`value.${path}`] }, v: version }
  superjson.deserialize({ json: { value, object }, meta }, { inPlace: true })
}

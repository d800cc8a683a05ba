import { AuthError } from '@latchkey/core'
import type { TRPCCombinedDataTransformer } from '@trpc/server'
import { createBudget } from './budget.ts'
import { refusal, toInputError } from './errors.ts'
import type { SuperjsonInstance, SuperjsonPayload } from './instance.ts'
import { isObject } from './path.ts'
import { applyReferences, readReferences } from './references.ts'
import { checkValues } from './values.ts'
import { countVisits } from './visits.ts'

/** How much work an input may make. */
export interface BoundedSuperjsonOptions {
  /**
   * How much work one input may make, in steps of about a microsecond. A date, or anything else that JSON doesn't know, costs the length of its
   * path (two for `user.birthday`); an entry of a Set or a Map 5; a character of a BigInt, a URL or a RegExp 1, and `\p{…}` in a RegExp at least 500.
   * Inputs of plain JSON cost nothing. The default is enough for 6,000 dates in a list of objects.
   *
   * @default 20_000
   */
  readonly maxSteps?: number
}

/**
 * superjson as tRPC's transformer, for servers that strangers can reach: refuses inputs that would make superjson work for longer than
 * their size explains (a body of 950 KB can hold the event loop for 25 seconds), before it sees them. Everything else passes unchanged, and outputs
 * aren't looked at: a client may use the same transformer or superjson itself. Refused are BAD_REQUEST, kind `InvalidInput`.
 *
 * @example initTRPC.context<Context>().create({ transformer: boundedSuperjson(superjson), errorFormatter: authErrorFormatter })
 * @throws {AuthError} `Configuration` for a `superjson` older than 2.2.3, or a `maxSteps` that isn't a positive number
 */
export function boundedSuperjson(
  superjson: SuperjsonInstance,
  { maxSteps = 20_000 }: BoundedSuperjsonOptions = {},
): TRPCCombinedDataTransformer {
  checkOptions(superjson, maxSteps)
  const serialize = (value: unknown) => superjson.serialize(value)
  return {
    input: { serialize, deserialize: (payload: unknown) => readInput(payload, superjson, maxSteps) },
    output: { serialize, deserialize: (payload: SuperjsonPayload) => superjson.deserialize(payload) },
  }
}

function checkOptions(superjson: SuperjsonInstance, maxSteps: number): void {
  if (!(maxSteps > 0)) throw new AuthError('Configuration', { detail: 'maxSteps: pass a positive number' })
  const probe = {}
  if (superjson.deserialize({ json: probe }, { inPlace: true }) !== probe)
    throw new AuthError('Configuration', { detail: 'superjson: install 2.2.3 or later, which can work in place' })
}

function readInput(payload: unknown, superjson: SuperjsonInstance, maxSteps: number): unknown {
  try {
    return deserialize(payload, superjson, maxSteps)
  } catch (error) {
    throw toInputError(error)
  }
}

function deserialize(payload: unknown, superjson: SuperjsonInstance, maxSteps: number): unknown {
  const { json, values, referentialEqualities, version } = readPayload(payload)
  const reading = { legacy: version < 1, budget: createBudget(maxSteps) }
  if (values) checkValues(json, values, reading)
  const references = referentialEqualities ? readReferences(referentialEqualities, reading.budget) : []
  const converted = superjson.deserialize({ json, ...(values !== undefined && { meta: { values, v: version } }) })
  if (references.length === 0) return converted

  const visits = countVisits(converted)
  applyReferences(converted, references, { ...reading, superjson, version })
  reading.budget.spend(Math.max(0, countVisits(converted) - visits))
  return converted
}

function readPayload(payload: unknown) {
  if (!isObject(payload)) throw refusal('it is not an object with json and meta')
  const { json, meta = {} } = payload
  if (!isObject(meta)) throw refusal('meta is not an object')
  const { values, referentialEqualities, v = 0 } = meta
  if (typeof v !== 'number') throw refusal('meta.v is not a number')
  return { json, values, referentialEqualities, version: v }
}

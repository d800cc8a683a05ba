import { AuthError } from '../errors.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { isSameJson, throughJson } from '../internal/json.ts'
import type { Schema } from '../internal/schema.ts'

/** The declared claims by name. A Map: claim names are the app's, and `__proto__` is no claim. */
export type ClaimSchemas = ReadonlyMap<string, Schema>

/**
 * Checks the declared claims of a token that is about to be issued. A schema must leave its input as JSON would carry it:
 * what is written is what is read back.
 *
 * @throws AuthError `InvalidClaim`, naming the claim in its detail
 */
export function checkIssuedClaims(schemas: ClaimSchemas, claims: Readonly<Record<string, unknown>>): void {
  for (const [name, schema] of schemas) {
    if (!Object.hasOwn(claims, name) || claims[name] === undefined) continue
    const json = toJson(name, claims[name])
    const result = validate(schema, json, name)
    if (result.issues) throw invalidClaim(name, result.issues.map((issue) => issue.message).join('; '))
    if (!isSameJson(result.value, json) || !isSameJson(claims[name], json)) {
      throw invalidClaim(name, 'the value or its schema changes on the way through JSON; declare what JSON can carry')
    }
  }
}

/** The declared claims that still fit their schemas; one that doesn't is left out and named to `onMisfit`. */
export function readClaims(
  schemas: ClaimSchemas,
  claims: Readonly<Record<string, unknown>>,
  onMisfit: (name: string) => void,
): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, schema] of schemas) {
    if (!Object.hasOwn(claims, name) || claims[name] === undefined) continue
    const result = validate(schema, claims[name], name)
    if (result.issues) onMisfit(name)
    else found[name] = result.value
  }
  return found
}

function toJson(name: string, value: unknown): unknown {
  try {
    return throughJson(value)
  } catch {
    throw invalidClaim(name, 'JSON cannot carry it')
  }
}

function validate(schema: Schema, value: unknown, name: string) {
  const result = schema['~standard'].validate(value)
  if (isThenable(result)) throw invalidClaim(name, 'its schema is asynchronous; declare a synchronous one')
  return result
}

function invalidClaim(name: string, reason: string): AuthError {
  return new AuthError('InvalidClaim', { detail: `claim "${name}": ${reason}` })
}

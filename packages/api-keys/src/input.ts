import type { Duration, Schema } from '@latchkey/core'
import { array, custom, maxLength, minLength, object, optional, string, trim } from 'zod/mini'
import type { CreateApiKey } from './types.ts'

const name = string().check(trim(), minLength(1), maxLength(100))
const id = string().check(minLength(1), maxLength(100))

export const idInput: Schema<{ id: string }, { readonly id: string }> = object({ id })
export const renameInput: Schema<{ id: string; name: string }, { readonly id: string; readonly name: string }> = object(
  { id, name },
)

/** What `create` takes, for the scopes that are configured. */
export function createInput<TScope extends string>(
  scopes: ReadonlySet<string>,
): Schema<CreateApiKey<TScope>, CreateApiKey<TScope>> {
  const scope = custom<TScope>((value) => typeof value === 'string' && scopes.has(value))
  return object({
    name,
    scopes: array(scope).check(minLength(1), maxLength(scopes.size)),
    expiresIn: optional(custom<Duration>(isDuration)),
  })
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value) && value > 0
    : typeof value === 'string' && DURATION.test(value)
}

/** Ten digits of seconds are three centuries; a date must come of it. */
const DURATION = /^[1-9]\d{0,7}[smhd]$/

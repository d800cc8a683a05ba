import type { SchemaResult } from './schema.ts'

type Issues = NonNullable<SchemaResult<unknown>['issues']>

/** The sender of an input chooses its keys: no more of them than a form has. */
const MAX_FIELDS = 20
const MAX_LENGTH = 100

/**
 * Which fields a schema refused, each once, as dotted paths. Not why: a schema's messages may contain what was refused (a password), and
 * end up in logs and on screens.
 */
export function readFields(issues: Issues): readonly string[] {
  const fields = new Set(issues.map(({ path = [] }) => path.map(readKey).join('.').slice(0, MAX_LENGTH)))
  return [...fields].filter((field) => field !== '').slice(0, MAX_FIELDS)
}

function readKey(step: PropertyKey | { readonly key: PropertyKey }): string {
  const key = typeof step === 'object' ? step.key : step
  return String(key).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?') // nothing that would begin a line of its own in a log
}

import type { AnyUser } from '../contract/user.ts'
import type { Adapter } from '../store/adapter.ts'

/** The fields of a user that differ from their row, of those that the row has or that the store can keep besides. */
export async function findChanges(
  adapter: Adapter,
  row: Readonly<Record<string, unknown>>,
  user: AnyUser,
): Promise<readonly (readonly [string, unknown])[]> {
  const changes: (readonly [string, unknown])[] = []
  for (const [field, value] of Object.entries(user)) {
    if (field === 'id' || value === undefined || isSame(row[field], value)) continue
    if (Object.hasOwn(row, field) || (await adapter.keepsUserField?.(field))) changes.push([field, value])
  }
  return changes
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)
}

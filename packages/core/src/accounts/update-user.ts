import type { Engine } from '../config/engine.ts'
import { configurationError, invalidInput } from '../errors.ts'
import type { Adapter, AdapterUser } from '../store/adapter.ts'

/**
 * Writes fields of a user's row.
 *
 * @throws AuthError `InvalidInput`, naming the field `email`, if another user has the address
 */
export async function updateUser(
  { adapter, emit }: Engine,
  fields: Partial<AdapterUser> & Pick<AdapterUser, 'id'>,
): Promise<AdapterUser> {
  if (!adapter?.updateUser) throw configurationError('adapter', 'it lacks updateUser()')
  let user: AdapterUser
  try {
    user = await adapter.updateUser(fields)
  } catch (error) {
    if (await isTaken(adapter, fields)) throw invalidInput('email')
    throw error
  }
  emit('updateUser', { user })
  return user
}

async function isTaken(adapter: Adapter, { id, email }: Partial<AdapterUser>): Promise<boolean> {
  const owner = typeof email === 'string' ? await adapter.getUserByEmail?.(email) : null
  return Boolean(owner && owner.id !== id)
}

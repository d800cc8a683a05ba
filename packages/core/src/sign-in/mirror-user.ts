import { type Adapter, type AdapterUser, isSessionAdapter, type SessionAdapter } from '../store/adapter.ts'
import type { Engine } from '../config/engine.ts'
import type { AnyUser } from '../contract/user.ts'
import { AuthError, configurationError } from '../errors.ts'
import { omitUndefined } from '../internal/json.ts'
import { findChanges } from './user-changes.ts'

/**
 * Mirrors a provider's user into the store: made with the id that the provider gave if it isn't known, brought up to date
 * if it is. Returns the row, overlaid with the provider's fields; without a store, the provider's user.
 */
export async function mirrorUser(engine: Engine, user: AnyUser): Promise<AnyUser> {
  const { adapter, emit } = engine
  if (!adapter?.getUser) return user
  const id = String(user.id)
  const known = await adapter.getUser(id)
  const emitCreated = (created: AdapterUser) => emit('createUser', { user: created })
  const row = known ?? (isSessionAdapter(adapter) ? await create(adapter, id, user, emitCreated) : null)
  if (!row) return allowNoRow(engine, user)
  const changes = await findChanges(adapter, row, user)
  if (changes.length === 0 || !adapter.updateUser) return { ...row, ...omitUndefined(user), id }
  const updated = await Promise.resolve(adapter.updateUser({ ...Object.fromEntries(changes), id })).catch(
    (error: unknown) => throwExplained(adapter, id, user, error),
  )
  if (known) emit('updateUser', { user: updated })
  return { ...updated, ...omitUndefined(user), id }
}

/**
 * An Auth.js adapter makes ids of its own: a row that it made here would not be this user's, and its e-mail address would be taken at the
 * next attempt. As with Auth.js, rows of credentials users are the app's to make. A cookie that holds everything needs none.
 *
 * @throws AuthError `Configuration` if sessions or refreshes are going to read the row
 */
function allowNoRow({ settings }: Engine, user: AnyUser): AnyUser {
  if (settings.strategy !== 'database' && !settings.tokens) return user
  throw configurationError(
    'adapter',
    `authorize() returned a user who is not in its table. An adapter of this kind makes ids of its own: make the row in authorize(), and return it`,
  )
}

/** Makes the row from the fields that every store has; the others follow as changes, once it is known which columns there are. */
async function create(
  adapter: SessionAdapter,
  id: string,
  user: AnyUser,
  onCreated: (user: AdapterUser) => void,
): Promise<AdapterUser> {
  const { name = null, email = null, image = null } = user
  let created: AdapterUser
  try {
    created = await adapter.createUser({ id, name, email, image, emailVerified: null })
  } catch (error) {
    // A parallel sign-in may have been first: then its row is the user's.
    const known = await adapter.getUser(id)
    if (known) return known
    return throwExplained(adapter, id, user, error)
  }
  if (created.id !== id) {
    throw configurationError(
      'adapter',
      'its createUser() gives ids of its own; a credentials user must keep the one that authorize() gave',
    )
  }
  onCreated(created)
  return created
}

/** An e-mail address that is taken stays taken: that must not look like a store that will be back in a second. */
async function throwExplained(adapter: Adapter, id: string, { email }: AnyUser, error: unknown): Promise<never> {
  const owner = typeof email === 'string' ? await adapter.getUserByEmail?.(email) : null
  if (!owner || owner.id === id) throw error
  const cause = new Error('authorize() returned an e-mail address that another user in the store has', { cause: error })
  throw new AuthError('CallbackRouteError', { cause })
}

import type { AccountEngine } from '../accounts/engine.ts'
import { makeUnderClaim } from '../accounts/take-over.ts'
import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { AnyUser, User } from '../contract/user.ts'
import { configurationError, invalidInput } from '../errors.ts'
import type { Adapter, UserRow } from '../store/adapter.ts'
import { isStorable } from '../store/tables/cells.ts'
import { isUnanswered } from '../store/unanswered.ts'
import { findChanges } from './user-changes.ts'

export interface CreateOptions {
  /** Writes what belongs to the new user. */
  readonly belongings: ((user: User) => Promise<void>) | undefined
  /** The error if another user has the e-mail address. */
  readonly taken: () => Error
}

/**
 * Creates a user and then what belongs to them. If that fails, the user is removed again. Until it is done, nobody takes the new row over.
 *
 * @returns the row, with fields that the store has no column for laid over it
 * @throws AuthError `AdapterError`, `Configuration`; `InvalidInput` for an address that no store holds; what `taken` makes, and what `belongings` throws
 */
export async function createUser(engine: AccountEngine, user: AnyUser, options: CreateOptions): Promise<AnyUser> {
  const adapter = requireCreating(engine.adapter, options.belongings !== undefined)
  checkEmail(user)
  if (await findOwner(adapter, user.email)) throw options.taken()
  const make = () => insertWithBelongings(engine, adapter, user, options)
  // Without an address nobody can find it.
  const canBeTaken = typeof user.email === 'string' && options.belongings !== undefined
  return canBeTaken ? makeUnderClaim(engine, String(user.id), make) : make()
}

async function insertWithBelongings(
  engine: Engine,
  adapter: CreatingAdapter,
  user: AnyUser,
  { belongings, taken }: CreateOptions,
): Promise<AnyUser> {
  const row = await insert(engine, adapter, user, taken)
  try {
    const complete = await writeOwnFields(adapter, row, user)
    if (belongings) await runCallback(() => belongings(complete))
    engine.emit('createUser', { user: complete })
    return complete
  } catch (error) {
    await remove(engine, row.id)
    throw error
  }
}

/** Longer than any address that mail is delivered to (RFC 5321: 254), and all that a database's index takes. */
const MAX_EMAIL = 255

/** What no store holds must not look like a store that will be back in a second. */
function checkEmail({ email }: AnyUser): void {
  if (typeof email === 'string' && (!isStorable(email) || email.length > MAX_EMAIL)) throw invalidInput('email')
}

type CreatingAdapter = Adapter & Required<Pick<Adapter, 'createUser'>>

function requireCreating(adapter: Adapter | undefined, mustRemove: boolean): CreatingAdapter {
  if (!adapter?.createUser) throw configurationError('adapter', 'it lacks createUser(), which this sign-in needs')
  if (mustRemove && !adapter.deleteUser)
    throw configurationError('adapter', 'it lacks deleteUser(), which a sign-in that creates users needs')
  return adapter as CreatingAdapter // it has createUser: the compiler narrows a member, not the adapter
}

/** The fields that every store has; the others follow, once it is known which columns there are. */
async function insert(
  engine: Engine,
  adapter: CreatingAdapter,
  user: AnyUser,
  taken: () => Error,
): Promise<UserRow & Readonly<Record<string, unknown>>> {
  const { id, name = null, email = null, image = null } = user
  const emailVerified = user.emailVerified instanceof Date ? user.emailVerified : null
  try {
    return { ...(await adapter.createUser({ id, name, email, image, emailVerified })) }
  } catch (error) {
    const owner = await findOwner(adapter, email)
    // Ours: the row was written, and the response was lost.
    if (owner?.id === id) await remove(engine, id)
    else if (owner) throw taken()
    throw error
  }
}

async function findOwner(adapter: Adapter, email: unknown): Promise<UserRow | null> {
  return typeof email === 'string' ? ((await adapter.getUserByEmail?.(email)) ?? null) : null
}

async function writeOwnFields(
  adapter: Adapter,
  row: UserRow & Readonly<Record<string, unknown>>,
  user: AnyUser,
): Promise<AnyUser> {
  const { id } = row
  const changes = adapter.updateUser ? await findChanges(adapter, row, user) : []
  const complete = changes.length > 0 ? await adapter.updateUser?.({ ...Object.fromEntries(changes), id }) : row
  return { ...user, ...complete, id }
}

/** The reason of the first failure is the one that helps. */
async function remove({ adapter, tables, settings }: Engine, id: string): Promise<void> {
  try {
    await tables?.deleteUser(id)
    await adapter?.deleteUser?.(id)
  } catch (error) {
    settings.logger.error('a user whose sign-up failed could not be removed', error)
    // It may still happen: nobody may take the row over before that.
    if (isUnanswered(error)) throw error
  }
}

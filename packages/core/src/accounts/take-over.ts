import { runCallback } from '../config/run-callbacks.ts'
import type { Account, AnyUser, User } from '../contract/user.ts'
import { AuthError } from '../errors.ts'
import { type Adapter, isSessionAdapter, type SessionAdapter, type UserRow } from '../store/adapter.ts'
import type { AccountEngine } from './engine.ts'
import { type ListingAdapter, listsAccounts } from './store.ts'

type TakingAdapter = SessionAdapter & ListingAdapter

/**
 * Gives a row whose e-mail address was never verified to whoever has just proved the address. Somebody else may have made the row: whatever
 * that person could come back by is removed first, and only then does the address count as verified. If it stops half-way, the row is
 * still unverified, and the next proof does all of it again.
 *
 * @param person what is known of the owner: a name and a picture replace those of the row
 * @throws AuthError `OAuthAccountNotLinked` if something that a stranger may have set can't be removed
 */
export async function takeOver(
  engine: AccountEngine,
  userId: string,
  person: Pick<User, 'name' | 'image'> & { readonly email: string },
): Promise<AnyUser> {
  const adapter = requireTakeOver(engine)
  const row = await adapter.getUser(userId)
  if (!row) throw new AuthError('OAuthAccountNotLinked')
  // The same owner, in another tab, was faster.
  if (row.emailVerified) return row
  await removeEverything(engine, adapter, row)
  // Twice: before its end, a session of a moment ago could have added a way, and a way of a moment ago begun a session.
  await removeEverything(engine, adapter, row)
  const { email, name = row.name, image = row.image } = person
  // The address too: a session that has ended by now may have changed it.
  const emailVerified = engine.settings.clock()
  const user = await adapter.updateUser({
    id: row.id,
    email,
    emailVerified,
    name: name ?? row.name,
    image: image ?? row.image,
  })
  // Sign-ins that began before find the row verified by now (isTakenOver), or end here.
  await engine.endSessions(row.id)
  engine.emit('updateUser', { user })
  return user
}

async function removeEverything(engine: AccountEngine, adapter: TakingAdapter, user: UserRow): Promise<void> {
  await engine.endSessions(user.id)
  for (const ways of engine.plugins.ways.values()) await runCallback(() => ways.removeAll(user.id))
  for (const account of await adapter.listAccounts(user.id)) {
    await adapter.unlinkAccount(account)
    engine.emit('unlinkAccount', { user, account: account as Account }) // its row is what was once linked
  }
}

/**
 * Whether a sign-in began with a row that somebody else has taken over since. Its session, which has just begun, may have missed the moment
 * at which all of them ended.
 *
 * @param user as the sign-in found them
 */
export async function isTakenOver(engine: AccountEngine, user: AnyUser): Promise<boolean> {
  if (user.emailVerified !== null || !findTakingAdapter(engine)) return false
  const now = await engine.adapter?.getUser?.(user.id)
  return Boolean(now?.emailVerified)
}

function requireTakeOver(engine: AccountEngine): TakingAdapter {
  const adapter = findTakingAdapter(engine)
  if (!adapter) throw new AuthError('OAuthAccountNotLinked')
  return adapter
}

/** The adapter, if everything that a stranger may have set can be removed: sessions, accounts, and what plug-ins keep. */
function findTakingAdapter(engine: AccountEngine): TakingAdapter | null {
  const { adapter } = engine
  return isTaking(adapter) && !hasFixedWays(engine) ? adapter : null
}

function isTaking(adapter: Adapter | undefined): adapter is TakingAdapter {
  return isSessionAdapter(adapter) && listsAccounts(adapter)
}

/** Whether there is a check that a plug-in can't take away from a user: the app's own, or one of a plug-in without `ways`. */
function hasFixedWays({ settings, plugins }: AccountEngine): boolean {
  const checks = [...settings.providers.values()].filter(({ type }) => type === 'credentials' || type === 'webauthn')
  const owners = [
    ...checks.map(({ id }) => plugins.providers.get(id)),
    ...[...plugins.factors.values(), ...plugins.credentials].map(({ plugin }) => plugin),
  ]
  return owners.some((owner) => owner === undefined || !plugins.ways.has(owner))
}

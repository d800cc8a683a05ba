import { runCallback } from '../config/run-callbacks.ts'
import type { Account, AnyUser, User } from '../contract/user.ts'
import { AuthError } from '../errors.ts'
import {
  type Adapter,
  type AdapterUser,
  isSessionAdapter,
  type SessionAdapter,
  type UserRow,
} from '../store/adapter.ts'
import type { AccountEngine } from './engine.ts'
import { canClaim, type ClaimingAdapter, runOneAtATime, runWithNewClaim } from './one-at-a-time.ts'
import { type ListingAdapter, listsAccounts } from './store.ts'

type TakingAdapter = SessionAdapter & ListingAdapter & ClaimingAdapter

/** Who has proved the address. */
interface Owner extends Pick<User, 'name' | 'image'> {
  readonly email: string
}

/**
 * Gives a row to whoever has just proved its e-mail address. If the address was never verified, somebody else may have made the row: everything
 * that would let that person in again is removed first, and only then does the address count as verified. If it stops half-way, the row is
 * still unverified, and the next proof does all of it again.
 *
 * @param person what is known of the owner: a name and a picture replace those of an unverified row
 * @returns null if the row has gone: its sign-up failed, or the account was deleted
 * @throws AuthError `OAuthAccountNotLinked` if something that a stranger may have set can't be removed
 */
export async function takeOver(engine: AccountEngine, row: UserRow, person: Owner): Promise<AnyUser | null> {
  if (!mayBeTakenOver(engine, row)) return { ...row }
  const adapter = findTakingAdapter(engine)
  if (!adapter && row.emailVerified) return { ...row }
  if (!adapter) throw new AuthError('OAuthAccountNotLinked')
  // Two at once: one would remove what the owner has just added.
  return runOneAtATime(adapter, row.id, async () => {
    const now = await adapter.getUser(row.id)
    if (!now) return null
    // It may have got another address, which is proven: then it is another person's by now.
    if (now.email !== row.email) throw new AuthError('OAuthAccountNotLinked')
    return now.emailVerified ? now : removeAndVerify(engine, adapter, now, person)
  })
}

/** Milliseconds. */
const RECENT = 10_000

/** Whether somebody may be taking a row over at this moment. One that was verified a moment ago may still be at its last step. */
export function mayBeTakenOver({ settings: { clock } }: AccountEngine, { emailVerified }: UserRow): boolean {
  return !emailVerified || Math.abs(clock().getTime() - emailVerified.getTime()) < RECENT
}

async function removeAndVerify(
  engine: AccountEngine,
  adapter: TakingAdapter,
  row: AdapterUser,
  { email, name, image }: Owner,
): Promise<AnyUser> {
  await removeEverything(engine, adapter, row)
  // Twice: before its end, a session of a moment ago could have added a way, and a way of a moment ago begun a session.
  await removeEverything(engine, adapter, row)
  const known = { name: name ?? row.name, image: image ?? row.image }
  const emailVerified = engine.settings.clock()
  // The address too: a session that has ended by now may have changed it.
  const user = await adapter.updateUser({ id: row.id, email, emailVerified, ...known })
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
 * Whether a row that was unverified has been taken over since. A session that has just begun with it may have missed the moment at which all
 * of them ended.
 */
export async function isTakenOver(engine: AccountEngine, userId: string): Promise<boolean> {
  const now = await findTakingAdapter(engine)?.getUser(userId)
  return Boolean(now?.emailVerified)
}

/**
 * Makes a user's row and what they sign in with, which belong together: whoever proves the address meanwhile waits. They would remove what is
 * there, and what is written after that would stay in a row that has become theirs.
 *
 * @param id of the new row
 */
export async function makeUnderClaim<T>(engine: AccountEngine, id: string, make: () => Promise<T>): Promise<T> {
  const adapter = findTakingAdapter(engine)
  return adapter ? runWithNewClaim(adapter, id, make) : make()
}

/** The adapter, if everything that a stranger may have set can be removed: sessions, accounts, and what plug-ins keep. */
export function findTakingAdapter(engine: AccountEngine): TakingAdapter | null {
  const { adapter } = engine
  return isTaking(adapter) && !hasFixedWays(engine) ? adapter : null
}

function isTaking(adapter: Adapter | undefined): adapter is TakingAdapter {
  return isSessionAdapter(adapter) && listsAccounts(adapter) && canClaim(adapter)
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

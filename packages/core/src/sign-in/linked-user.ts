import { type AccountAdapter, findMissingAccountMethod } from '../config/account-methods.ts'
import type { Engine } from '../config/engine.ts'
import type { Account, AnyUser, Profile } from '../contract/user.ts'
import type { LinkedUser } from '../contract/verified.ts'
import { AuthError, configurationError } from '../errors.ts'
import type { Adapter, UserRow } from '../store/adapter.ts'
import type { Candidate, SavedUser, Way } from './candidate.ts'
import { createUser } from './create-user.ts'

/**
 * Finds whose account it is. An account that isn't linked yet becomes that of a new user, and never that of a user who has the same e-mail
 * address: registering an address at another service would give access to their account.
 */
export async function findLinkedUser(engine: Engine, way: Way, verified: LinkedUser): Promise<Candidate> {
  const account = requireAccount(way, verified.account)
  // What a service returns is JSON: an object is a record.
  const profile = (verified.profile ?? null) as Profile | null
  const store = requireLinking(engine.adapter)
  if (!store) return withoutStore(account, profile, verified)
  const known = await store.getUserByAccount(toKey(account))
  if (known) return { user: { ...known }, account, profile, save: async () => toSavedUser(known, account) }
  const user = { ...verified.person, id: crypto.randomUUID() }
  return { user, account, profile, save: () => createLinkedUser(engine, store, { user, account, profile }) }
}

function requireLinking(adapter: Adapter | undefined): AccountAdapter | null {
  if (!adapter) return null
  const missing = findMissingAccountMethod(adapter)
  if (missing) throw configurationError('adapter', `it lacks ${missing}(), which signing in with an account needs`)
  return adapter as AccountAdapter // none of its methods is missing
}

/** Two services may know different people by the same id: without a store, the id of the user names both. */
function withoutStore(account: Account, profile: Profile | null, { person }: LinkedUser): Candidate {
  const user = { ...person, id: `${account.provider}:${account.providerAccountId}` }
  return { user, account, profile, save: async () => ({ user, account, isNewUser: false }) }
}

interface NewLink {
  readonly user: AnyUser
  readonly account: Account
  readonly profile: Profile | null
}

/** Of several first sign-ins with one account at the same moment one creates the user. The others find its link. */
async function createLinkedUser(
  engine: Engine,
  store: AccountAdapter,
  { user, account, profile }: NewLink,
): Promise<SavedUser> {
  try {
    const created = await createUser(engine, user, {
      belongings: async ({ id }) => void (await store.linkAccount({ ...account, userId: id })),
      taken: () => new AuthError('OAuthAccountNotLinked'),
    })
    engine.emit('linkAccount', { user: created, account, profile })
    return { user: created, account, isNewUser: true }
  } catch (error) {
    const winner = await waitForWinner(store, account)
    if (!winner) throw error
    return toSavedUser(winner, account)
  }
}

/** Milliseconds between two looks. The winner creates its user first and links the account a moment later. */
const PAUSES = [0, 20, 80, 200]

async function waitForWinner(store: AccountAdapter, account: Account): Promise<UserRow | null> {
  for (const pause of PAUSES) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    const winner = await store.getUserByAccount(toKey(account))
    if (winner) return winner
  }
  return null
}

function toSavedUser(row: UserRow, account: Account): SavedUser {
  return { user: { ...row }, account, isNewUser: false }
}

function toKey({ provider, providerAccountId }: Account): Pick<Account, 'provider' | 'providerAccountId'> {
  return { provider, providerAccountId }
}

/** People without an id at the service would all have the same account. */
function requireAccount({ id }: Way, account: Account): Account {
  const { provider, providerAccountId }: Partial<Account> = account ?? {}
  if (isFilled(provider) && isFilled(providerAccountId)) return account
  throw new AuthError('CallbackRouteError', {
    cause: new Error(`"${id}" must return an account with \`provider\` and \`providerAccountId\`, two texts`),
  })
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

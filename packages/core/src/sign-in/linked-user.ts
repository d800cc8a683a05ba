import { findByAddress } from '../accounts/find-by-address.ts'
import { linkAccount, writeLink } from '../accounts/link.ts'
import { requireLinking, toAccountKey } from '../accounts/store.ts'
import { takeOver } from '../accounts/take-over.ts'
import type { AccountAdapter } from '../config/account-methods.ts'
import type { Account, AnyUser, Profile } from '../contract/user.ts'
import type { LinkedUser } from '../contract/verified.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { UserRow } from '../store/adapter.ts'
import type { Candidate, SavedUser, SignInMethod } from './candidate.ts'
import { createUser } from './create-user.ts'
import type { SignInEngine } from './engine.ts'

/**
 * Finds whose account it is. An account that isn't linked yet becomes that of a new user. It becomes that of a user with the same e-mail
 * address only if both sides have verified the address: registering a stranger's address at another service, or here, must give nobody
 * access to the other's account.
 */
export async function findLinkedUser(
  engine: SignInEngine,
  method: SignInMethod,
  verified: LinkedUser,
): Promise<Candidate> {
  const account = requireAccount(method, verified.account)
  // What a service returns is JSON: an object is a record.
  const profile = (verified.profile ?? null) as Profile | null
  const store = requireLinking(engine.adapter)
  if (!store) return withoutStore(account, profile, verified)
  const link: NewLink = { account, profile, verified }
  const known = await store.getUserByAccount(toAccountKey(account))
  if (known) return { user: { ...known }, account, profile, save: async () => toSavedUser(known, link) }
  const owner = await findOwner(store, verified)
  const user = owner ? { ...owner } : { ...verified.person, id: crypto.randomUUID() }
  const save = () => (owner ? joinOwner(engine, store, owner, link) : createLinkedUser(engine, store, user, link))
  return { user, account, profile, save }
}

interface NewLink {
  readonly account: Account
  readonly profile: Profile | null
  readonly verified: LinkedUser
}

async function findOwner(store: AccountAdapter, { person: { email } }: LinkedUser): Promise<UserRow | null> {
  return typeof email === 'string' ? findByAddress(store, email) : null
}

/** Two services may know different people by the same id: without a store, the id of the user names both. */
function withoutStore(account: Account, profile: Profile | null, verified: LinkedUser): Candidate {
  const user = { ...verified.person, id: `${account.provider}:${account.providerAccountId}` }
  return { user, account, profile, save: async () => ({ user, account, isNewUser: false }) }
}

function toSavedUser(row: UserRow, { account }: NewLink): SavedUser {
  return { user: { ...row }, account, isNewUser: false }
}

/**
 * The account becomes that of the user with the same address.
 *
 * @throws AuthError `OAuthAccountNotLinked` unless both sides have verified it, or the row can be taken over
 */
async function joinOwner(
  engine: SignInEngine,
  store: AccountAdapter,
  owner: UserRow,
  link: NewLink,
): Promise<SavedUser | null> {
  if (hasProven(link)) return linkToOwner(engine, owner, link)
  // The row may be that of a first sign-in with this very account.
  const winner = await waitForWinner(store, link.account)
  if (winner) return toSavedUser(winner, link)
  throw new AuthError('OAuthAccountNotLinked')
}

interface ProvenLink extends NewLink {
  readonly verified: LinkedUser & { readonly person: { readonly email: string } }
}

function hasProven(link: NewLink): link is ProvenLink {
  const { email, emailVerified } = link.verified.person
  return typeof email === 'string' && Boolean(emailVerified)
}

async function linkToOwner(engine: SignInEngine, owner: UserRow, link: ProvenLink): Promise<SavedUser | null> {
  const { email, name, image } = link.verified.person
  const user = await takeOver(engine, owner, { email, name, image })
  if (!user) return null
  await linkAccount(engine, user, link.account, link.profile)
  return toSavedUser(user, link)
}

/** Of several first sign-ins with one account at the same moment one creates the user. The others find its link. */
async function createLinkedUser(
  engine: SignInEngine,
  store: AccountAdapter,
  user: AnyUser,
  link: NewLink,
): Promise<SavedUser | null> {
  const { account, profile, verified } = link
  const taken = new AuthError('OAuthAccountNotLinked')
  let isLinkedHere = false
  try {
    const created = await createUser(engine, user, {
      belongings: async (row) => {
        await verified.belongings?.(row)
        // Last: from then on others with this account are in as this user, who must not be removed again.
        isLinkedHere = await writeLink(store, account, row.id)
      },
      taken: () => taken,
    })
    if (isLinkedHere) engine.emit('linkAccount', { user: created, account, profile })
    return { user: created, account, isNewUser: true }
  } catch (error) {
    const winner = canHaveWinner(error) ? await waitForWinner(store, account) : null
    if (winner) return toSavedUser(winner, link)
    // Another way to sign in has created a user with this address at the same moment.
    const owner = error === taken ? await findOwner(store, verified) : null
    if (!owner || !hasProven(link)) throw error
    return linkToOwner(engine, owner, link)
  }
}

/** The address or the account has an owner by now, or the store said no more than that it failed. */
function canHaveWinner(error: unknown): boolean {
  return isAuthError(error) && (error.kind === 'OAuthAccountNotLinked' || error.kind === 'AdapterError')
}

/** Milliseconds between two looks. The winner creates its user first and links the account a moment later. */
const PAUSES = [0, 20, 80, 200, 500]

async function waitForWinner(store: AccountAdapter, account: Account): Promise<UserRow | null> {
  for (const pause of PAUSES) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    const winner = await store.getUserByAccount(toAccountKey(account))
    if (winner) return winner
  }
  return null
}

/** People without an id at the service would all have the same account. */
function requireAccount({ id }: SignInMethod, account: Account): Account {
  const { provider, providerAccountId }: Partial<Account> = account ?? {}
  if (isFilled(provider) && isFilled(providerAccountId)) return account
  throw new AuthError('CallbackRouteError', {
    cause: new Error(`"${id}" must return an account with \`provider\` and \`providerAccountId\`, two texts`),
  })
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

import { findByAddress } from '../accounts/find-by-address.ts'
import { takeOver } from '../accounts/take-over.ts'
import type { AnyUser } from '../contract/user.ts'
import type { ProvenAddress } from '../contract/verified.ts'
import { AuthError, configurationError, invalidInput } from '../errors.ts'
import type { Adapter, UserRow } from '../store/adapter.ts'
import { type Candidate, type SavedUser, toAccount, type SignInMethod } from './candidate.ts'
import { createUser } from './create-user.ts'
import type { SignInEngine } from './engine.ts'

/** Finds whose address it is. If nobody has it, a user is created; if its user never proved it, their row is taken over. */
export async function findProvenAddress(
  engine: SignInEngine,
  method: SignInMethod,
  verified: ProvenAddress,
): Promise<Candidate> {
  const store = requireAddresses(engine.adapter, method)
  if (typeof verified.email !== 'string' || verified.email === '') throw invalidInput('email')
  const owner = await findByAddress(store, verified.email)
  if (!owner && verified.create === null) throw new AuthError('AccessDenied')
  const user = owner ? { ...owner } : toNewUser(engine, verified)
  const save = async () => {
    const saved = await (owner
      ? admitOwner(engine, method, owner, verified)
      : create(engine, method, store, user, verified))
    return saved && { ...saved, stillCounts: () => stillCounts(store, saved.user, verified) }
  }
  return { user, account: toAccount(method, user), profile: null, save }
}

/** The user may have another address by now, and somebody else may read this mailbox. */
async function stillCounts(
  store: AddressAdapter,
  { id }: AnyUser,
  { email, stillCounts: own }: ProvenAddress,
): Promise<boolean> {
  const now = await findByAddress(store, email)
  return now !== null && String(now.id) === String(id) && (!own || own())
}

type AddressAdapter = Adapter & Required<Pick<Adapter, 'createUser' | 'getUserByEmail'>>

function requireAddresses(adapter: Adapter | undefined, { id }: SignInMethod): AddressAdapter {
  const missing = (['createUser', 'getUserByEmail'] as const).find((method) => !adapter?.[method])
  if (missing) throw configurationError('adapter', `it lacks ${missing}(), which "${id}" needs`)
  return adapter as AddressAdapter // none of them is missing
}

function toNewUser({ settings }: SignInEngine, { email, create }: ProvenAddress): AnyUser {
  return { ...create, email, emailVerified: settings.clock(), id: crypto.randomUUID() }
}

/** The user who has the address, verified from now on at the latest. */
async function admitOwner(
  engine: SignInEngine,
  method: SignInMethod,
  owner: UserRow,
  { email, create: fields }: ProvenAddress,
): Promise<SavedUser | null> {
  const user = await takeOver(engine, owner, { email, name: fields?.name, image: fields?.image })
  return user && { user, account: toAccount(method, user), isNewUser: false }
}

/** Of several proofs of one new address at the same moment, one creates the user. The others find them. */
async function create(
  engine: SignInEngine,
  method: SignInMethod,
  store: AddressAdapter,
  user: AnyUser,
  verified: ProvenAddress,
): Promise<SavedUser | null> {
  const taken = new AuthError('OAuthAccountNotLinked')
  try {
    const created = await createUser(engine, user, { belongings: verified.belongings, taken: () => taken })
    return { user: created, account: toAccount(method, created), isNewUser: true }
  } catch (error) {
    const owner = error === taken ? await findByAddress(store, verified.email) : null
    if (!owner) throw error
    return admitOwner(engine, method, owner, verified)
  }
}

import type { Engine } from '../config/engine.ts'
import type { Account, AnyUser, Profile, ProviderType } from '../contract/user.ts'
import type { CreatedUser, Verified } from '../contract/verified.ts'
import { configurationError, invalidInput } from '../errors.ts'
import { createUser } from './create-user.ts'
import { findLinkedUser } from './linked-user.ts'
import { mirrorUser } from './mirror-user.ts'
import { requireUser } from './require-user.ts'

/** By what somebody was verified. */
export interface Way {
  /** The id of the provider, or of the plug-in whose operation it was: `account.provider`. */
  readonly id: string
  readonly type: ProviderType
  /** What a client sent to a provider of the type `'credentials'`, for the signIn callback; else null. */
  readonly credentials: Readonly<Record<string, unknown>> | null
}

/** Who wants to sign in. Nothing is written yet. */
export interface Candidate {
  readonly user: AnyUser
  readonly account: Account
  readonly profile: Profile | null
  /** Finds, creates or links the user in the store: once the signIn callback has agreed. */
  readonly keep: () => Promise<Kept>
}

/** Whom the store has now. */
export interface Kept {
  readonly user: AnyUser
  readonly account: Account
  readonly isNewUser: boolean
}

/**
 * Reads what the store knows of somebody who was verified.
 *
 * @throws AuthError `AdapterError`, `CallbackRouteError`; `Configuration` if the adapter can't do what this needs
 */
export async function findCandidate(engine: Engine, way: Way, verified: Verified): Promise<Candidate> {
  if ('user' in verified) return fromUser(way, verified.user, async (user) => user)
  if ('mirror' in verified) return fromUser(way, verified.mirror, (user) => mirrorUser(engine, user))
  if ('create' in verified) return fromNewUser(engine, way, verified)
  return findLinkedUser(engine, way, verified)
}

function fromUser(way: Way, given: unknown, keep: (user: AnyUser) => Promise<AnyUser>): Candidate {
  const user = requireUser(given, `"${way.id}"`)
  const account = toAccount(way, user)
  return { user, account, profile: null, keep: async () => ({ user: await keep(user), account, isNewUser: false }) }
}

function fromNewUser(engine: Engine, way: Way, verified: CreatedUser): Candidate {
  const { adapter } = engine
  if (!adapter?.createUser) throw configurationError('adapter', `"${way.id}" creates users: it lacks createUser()`)
  const { create, belongings, taken = () => invalidInput('email') } = verified
  const user = { ...create, id: crypto.randomUUID() }
  const keep = async () => {
    const created = await createUser(engine, user, { belongings, taken })
    return { user: created, account: toAccount(way, created), isNewUser: true }
  }
  return { user, account: toAccount(way, user), profile: null, keep }
}

function toAccount({ id, type }: Way, user: AnyUser): Account {
  return { provider: id, type, providerAccountId: String(user.id) }
}

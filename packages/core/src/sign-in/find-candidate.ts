import type { AnyUser } from '../contract/user.ts'
import type { CreatedUser, Verified } from '../contract/verified.ts'
import { configurationError, invalidInput } from '../errors.ts'
import { type Candidate, toAccount, type SignInMethod } from './candidate.ts'
import { createUser } from './create-user.ts'
import type { SignInEngine } from './engine.ts'
import { findLinkedUser } from './linked-user.ts'
import { mirrorUser } from './mirror-user.ts'
import { findProvenAddress } from './proven-address.ts'
import { requireUser } from './require-user.ts'

/**
 * Reads what the store knows of somebody who was verified.
 *
 * @throws AuthError `AdapterError`, `CallbackRouteError`; `Configuration` if the adapter can't do what this needs
 */
export async function findCandidate(
  engine: SignInEngine,
  method: SignInMethod,
  verified: Verified,
): Promise<Candidate> {
  if ('user' in verified) return fromUser(method, verified.user, async (user) => user)
  if ('mirror' in verified) return fromUser(method, verified.mirror, (user) => mirrorUser(engine, user))
  if ('email' in verified) return findProvenAddress(engine, method, verified)
  if ('create' in verified) return fromNewUser(engine, method, verified)
  return findLinkedUser(engine, method, verified)
}

function fromUser(method: SignInMethod, given: unknown, save: (user: AnyUser) => Promise<AnyUser>): Candidate {
  const user = requireUser(given, `"${method.id}"`)
  const account = toAccount(method, user)
  return { user, account, profile: null, save: async () => ({ user: await save(user), account, isNewUser: false }) }
}

function fromNewUser(engine: SignInEngine, method: SignInMethod, verified: CreatedUser): Candidate {
  const { adapter } = engine
  if (!adapter?.createUser) throw configurationError('adapter', `"${method.id}" creates users: it lacks createUser()`)
  const { create, belongings, taken = () => invalidInput('email') } = verified
  const user = { ...create, id: crypto.randomUUID() }
  const save = async () => {
    const created = await createUser(engine, user, { belongings, taken })
    return { user: created, account: toAccount(method, created), isNewUser: true }
  }
  return { user, account: toAccount(method, user), profile: null, save }
}

import { type Provider, provider, type VerifiedUser } from '@latchkey/core'
import { type Credentials, credentialsInput } from './input.ts'
import type { Shared } from './shared.ts'
import type { HashRow } from './tables.ts'

/** An id that no user has: looked up if there is no user, so that the response takes as long. */
const NOBODY = 'nobody'

/** Signing in with an address and a password. An unknown address, a user without a password and a wrong one can't be told apart. */
export function createProvider(shared: Shared): Provider<'password', Credentials> {
  return provider({
    id: 'password',
    name: 'Password',
    type: 'credentials',
    input: credentialsInput,
    identify: ({ email }) => email,
    begin: (input) => findOwner(shared, input),
  })
}

async function findOwner(shared: Shared, { email, password }: Credentials): Promise<VerifiedUser | null> {
  const { engine, tables, passwords } = shared
  const user = await engine.store.getUserByEmail(email)
  const row = await tables.hashes.get({ user: user?.id ?? NOBODY })
  const { isRight, isOutdated } = await passwords.check(row?.hash ?? null, password)
  if (!user || !row || !isRight) return null
  let { hash } = row
  const stillCounts = () => isUnchanged(shared, { ...row, hash })
  if (!isOutdated) return { user, stillCounts }
  const belongings = async () => void (hash = await upgrade(shared, { ...row, password }))
  return { user, belongings, stillCounts }
}

/**
 * Whoever changes or resets a password ends sessions afterwards. One that begins later, with the old password, must not be left. Another
 * sign-in may have replaced an outdated hash meanwhile, which changes no password.
 */
async function isUnchanged({ tables }: Shared, { user, hash, changedAt }: HashRow): Promise<boolean> {
  const now = await tables.hashes.get({ user })
  return now?.hash === hash || now?.changedAt.getTime() === changedAt.getTime()
}

interface Outdated {
  readonly user: string
  readonly hash: string
  readonly password: string
}

/** The sign-in goes on if it fails: the next one tries again. @returns the hash that is there now, if nobody else has changed it */
async function upgrade({ tables, passwords, engine }: Shared, { user, hash, password }: Outdated): Promise<string> {
  try {
    const next = await passwords.hash(password)
    // Only what was checked: the password may have been changed meanwhile.
    return (await tables.hashes.update({ user, hash }, { hash: next })) > 0 ? next : hash
  } catch (cause) {
    engine.logger.warn('the hash of a password could not be replaced by one of the kind that is configured', cause)
    return hash
  }
}

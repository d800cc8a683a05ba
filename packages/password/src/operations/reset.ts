import {
  isAuthError,
  parseEmailAddress,
  type SignedIn,
  type SigningInCall,
  type User,
  type UserRow,
} from '@latchkey/core'
import type { Reset } from '../input.ts'
import { notifyOfChange } from '../mail/notify.ts'
import type { Shared } from '../shared.ts'
import { writeHash } from '../write-hash.ts'

/** @throws AuthError `InvalidToken`, and why a password is refused: then the token can still be used */
export async function reset(shared: Shared, call: SigningInCall, { token, password }: Reset): Promise<SignedIn> {
  const { engine, passwords, tables } = shared
  const digest = await engine.hash(token)
  const { email, user } = await findOwner(shared, digest)
  await shared.checkRules(password, email)
  const hash = await passwords.hash(password)
  // Of many calls with this token one goes on. Not in `belongings`: an account that is taken over twice at once may lose what was just written.
  if (!(await tables.resets.take({ digest }, { expires: { above: engine.clock() } })))
    throw engine.error('InvalidToken')
  // It is shown that mail reaches them: if the address was never verified, what others have put into the account goes first.
  return call.signIn({
    email,
    create: null,
    amr: ['email'],
    belongings: async (found) => {
      // Once more, just before the write: they may have left this mailbox meanwhile.
      const now = found.id === user.id ? await engine.store.getUser(user.id) : null
      if (parseEmailAddress(now?.email ?? '') !== email) throw engine.error('InvalidToken')
      await replace(shared, found, hash)
    },
  })
}

interface Owner {
  readonly user: UserRow
  /** Where the token was sent. */
  readonly email: string
}

/** @throws AuthError `InvalidToken`, also if the user has another address by now than the link was sent to */
async function findOwner({ tables, engine }: Shared, digest: string): Promise<Owner> {
  const row = await tables.resets.get({ digest })
  const user = row && row.expires > engine.clock() ? await engine.store.getUser(row.user) : null
  if (!row || !user || parseEmailAddress(user.email ?? '') !== row.email) throw engine.error('InvalidToken')
  return { user, email: row.email }
}

async function replace(shared: Shared, user: User, hash: string): Promise<void> {
  const { tables } = shared
  await writeHash(shared, user.id, hash)
  await tables.resets.remove({ user: user.id })
  await endSessions(shared, user.id)
  notifyOfChange(shared, user.email)
}

/** Now, and not once a second factor was shown. An adapter of another library may keep none that could be ended. */
async function endSessions({ engine }: Shared, id: string): Promise<void> {
  try {
    await engine.endSessions(id)
  } catch (error) {
    if (!isAuthError(error) || error.kind !== 'Configuration') throw error
    engine.logger.warn('a password was reset, and the sessions of its user go on: the adapter keeps none by id', error)
  }
}

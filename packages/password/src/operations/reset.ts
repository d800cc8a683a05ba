import { parseEmailAddress, type SignedIn, type SigningInCall, type UserRow } from '@latchkey/core'
import type { Reset } from '../input.ts'
import { notifyOfChange } from '../mail/notify.ts'
import type { Shared } from '../shared.ts'
import { writeHash } from '../write-hash.ts'

/** @throws AuthError `InvalidToken`, and why a password is refused: then the token can still be used */
export async function reset(shared: Shared, call: SigningInCall, { token, password }: Reset): Promise<SignedIn> {
  const { tables, engine, passwords } = shared
  const digest = await engine.hash(token)
  const user = await findOwner(shared, digest)
  await shared.checkRules(password, user.email ?? null)
  const hash = await passwords.hash(password)
  // Of many calls with one token one goes on.
  if (!(await tables.resets.take({ digest }, { expires: { above: engine.clock() } })))
    throw engine.error('InvalidToken')
  await writeHash(shared, user.id, hash)
  await tables.resets.remove({ user: user.id })
  notifyOfChange(shared, user.email)
  return call.signIn({ user, amr: ['email'] })
}

/** @throws AuthError `InvalidToken`, also if the user has another address by now than the link was sent to */
async function findOwner({ tables, engine }: Shared, digest: string): Promise<UserRow> {
  const row = await tables.resets.get({ digest })
  const user = row && row.expires > engine.clock() ? await engine.store.getUser(row.user) : null
  if (!row || !user || parseEmailAddress(user.email ?? '') !== row.email) throw engine.error('InvalidToken')
  return user
}

import type { SignedIn, SigningInCall } from '@latchkey/core'
import type { Change } from '../input.ts'
import type { Shared } from '../shared.ts'

/** @throws AuthError `SessionRequired`, `CredentialsSignin`, `RateLimited`, and why a password is refused */
export async function change(shared: Shared, call: SigningInCall, { current, next }: Change): Promise<SignedIn> {
  const { tables, engine, passwords } = shared
  const session = await call.session()
  if (!session) throw engine.error('SessionRequired')
  const { id } = session.user
  const { hash: old } = await call.attempt({ what: 'change', whom: id }, async () => {
    const row = await tables.hashes.get({ user: id })
    return (await passwords.check(row?.hash ?? null, current)).isRight ? row : null
  })
  const user = await engine.store.getUser(id)
  if (!user) throw engine.error('SessionRequired')
  await shared.checkRules(next, user.email ?? null)
  const changes = { hash: await passwords.hash(next), changedAt: engine.clock() }
  // Another change was faster: `current` is no longer the password.
  if ((await tables.hashes.update({ user: id, hash: old }, changes)) === 0) throw engine.error('CredentialsSignin')
  return call.signIn({ user })
}

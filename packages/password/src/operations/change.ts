import type { SignedIn, SignedInCall, SigningInCall } from '@latchkey/core'
import type { Change } from '../input.ts'
import { notifyOfChange } from '../mail/notify.ts'
import type { Shared } from '../shared.ts'

/** @throws AuthError `SessionRequired`, `CredentialsSignin`, `RateLimited`, and why a password is refused */
export async function change(
  shared: Shared,
  call: SignedInCall & SigningInCall,
  { current, next }: Change,
): Promise<SignedIn> {
  const { tables, engine, passwords } = shared
  const { id } = call.user
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
  notifyOfChange(shared, user.email)
  return call.signIn({ user }, { endOthers: true })
}

import type { SignedIn, SignedInCall, SigningInCall, UserRow } from '@latchkey/core'
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
  const hash = await passwords.hash(next)
  return call.signIn({ user, belongings: () => replace(shared, { user, old, hash }) }, { endOthers: true })
}

interface Replacement {
  readonly user: UserRow
  readonly old: string
  readonly hash: string
}

/** @throws AuthError `CredentialsSignin` if another change was faster: `current` is no longer the password */
async function replace(shared: Shared, { user, old, hash }: Replacement): Promise<void> {
  const { tables, engine } = shared
  const changes = { hash, changedAt: engine.clock() }
  if ((await tables.hashes.update({ user: user.id, hash: old }, changes)) === 0) throw engine.error('CredentialsSignin')
  // Whoever has a link to reset it doesn't need it any longer, and may be somebody else.
  await tables.resets.remove({ user: user.id })
  notifyOfChange(shared, user.email)
}

import type { SignedInCall } from '@latchkey/core'
import type { SetPassword } from '../input.ts'
import { notifyOfChange } from '../mail/notify.ts'
import type { Shared } from '../shared.ts'

/** @throws AuthError `PasswordExists`, `AccessDenied` for somebody without an address to sign in with, and why a password is refused */
export async function set(
  shared: Shared,
  { user, whileSignedIn }: SignedInCall,
  { password }: SetPassword,
): Promise<{ readonly set: true }> {
  const { tables, engine, passwords } = shared
  const row = await engine.store.getUser(user.id)
  if (!row?.email)
    throw engine.error('AccessDenied', { detail: 'a user without an e-mail address has no use for a password' })
  if (await tables.hashes.get({ user: row.id })) throw engine.error('PasswordExists')
  await shared.checkRules(password, row.email)
  const hash = await passwords.hash(password)
  const insert = () => tables.hashes.insert({ user: row.id, hash, changedAt: engine.clock() })
  if (!(await whileSignedIn(insert))) throw engine.error('PasswordExists')
  notifyOfChange(shared, row.email)
  return { set: true }
}

import { takeBackupCode } from './backup-codes.ts'
import { findStep } from './code.ts'
import { openSecret, sealSecret } from './secrets.ts'
import type { Shared } from './shared.ts'
import type { SecretRow } from './tables.ts'

/**
 * Accepts a code of the user's authenticator, once: of many calls with one code exactly one is accepted, and none that is older. Null: it
 * isn't right.
 */
export async function takeCode(shared: Shared, user: string, code: string): Promise<SecretRow | null> {
  const { tables, engine } = shared
  const row = await tables.secrets.get({ user })
  if (!row) return null
  const secret = await openSecret(shared, row.secret)
  const step = findStep(secret, code, engine.clock(), row.lastStep)
  if (step === null) return null
  // Sealed anew with the first of the app's secrets, so that an older one can be given up in time.
  const changes = { lastStep: step, secret: await sealSecret(shared, secret) }
  const accepted = await tables.secrets.update({ user, enrolment: row.enrolment, lastStep: { below: step } }, changes)
  return accepted > 0 ? row : null
}

/** A code of the authenticator, or else a backup code. */
export async function takeAnyCode(shared: Shared, user: string, code: string): Promise<object | null> {
  return (await takeCode(shared, user, code)) ?? takeBackupCode(shared, user, code)
}

import { AuthError, type Session } from '@latchkey/core'
import { countBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { createSecret, findStep, toUri } from './code.ts'
import { openSecret, sealSecret } from './secrets.ts'
import type { Shared } from './shared.ts'
import type { BackupCodes, NewTotp, TotpStatus } from './types.ts'

/** Milliseconds within which a new second factor must be confirmed. */
const ENROLMENT_LIFE = 60 * 60_000

/** Makes a secret that counts once it is confirmed. One that was made before and not confirmed is forgotten. */
export async function enrol(shared: Shared, { user, amr }: Session): Promise<NewTotp> {
  const { settings, tables, engine } = shared
  await requireShown(shared, user.id, amr)
  const secret = createSecret()
  const row = {
    enrolment: crypto.randomUUID(),
    secret: await sealSecret(shared, secret),
    expires: new Date(engine.clock().getTime() + ENROLMENT_LIFE),
  }
  // If two begin at once, one writes over the other's: only one of the two secrets can be confirmed.
  const isThere = (await tables.enrolments.update({ user: user.id }, row)) > 0
  if (!isThere && !(await tables.enrolments.insert({ user: user.id, ...row })))
    await tables.enrolments.update({ user: user.id }, row)
  const issuer = settings.issuer ?? engine.baseUrl.host
  return { uri: toUri(secret, issuer, user.email ?? user.name ?? user.id), secret }
}

/**
 * The enrolment, if the code is one of its secret.
 *
 * @throws AuthError `TotpNotEnrolled`; `StepUpRequired` if another second factor was set up since, and not shown in this session
 */
export async function confirm(
  shared: Shared,
  { user: { id: user }, amr }: Session,
  code: string,
): Promise<BackupCodes | null> {
  const { tables, engine } = shared
  const isReplaced = await requireShown(shared, user, amr)
  const found = await tables.enrolments.get({ user })
  if (!found || found.expires <= engine.clock()) throw engine.error('TotpNotEnrolled')
  const step = findStep(await openSecret(shared, found.secret), code, engine.clock(), 0)
  if (step === null) return null
  // Of many calls at once one goes on.
  const taken = await tables.enrolments.take({ user }, { expires: { above: engine.clock() } })
  if (taken?.enrolment !== found.enrolment) throw engine.error('TotpNotEnrolled')
  const { enrolment, secret } = taken
  const row = { enrolment, secret, lastStep: step, confirmedAt: engine.clock() }
  // Only what was there, and shown, is replaced.
  const isWritten = isReplaced
    ? (await tables.secrets.update({ user }, row)) > 0
    : await tables.secrets.insert({ user, ...row })
  if (!isWritten) throw engine.error('TotpNotEnrolled')
  return { backupCodes: await replaceBackupCodes(shared, user) }
}

/** @throws AuthError `StepUpRequired` if they haven't shown it in this session */
export async function disable(shared: Shared, { user, amr }: Session): Promise<{ readonly disabled: true }> {
  await requireShown(shared, user.id, amr)
  await removeAll(shared, user.id)
  return { disabled: true }
}

/** @throws AuthError `TotpNotEnrolled`; `StepUpRequired` if they haven't shown it in this session */
export async function regenerateBackupCodes(shared: Shared, { user, amr }: Session): Promise<BackupCodes> {
  if (!(await requireShown(shared, user.id, amr))) throw shared.engine.error('TotpNotEnrolled')
  return { backupCodes: await replaceBackupCodes(shared, user.id) }
}

export async function readStatus(shared: Shared, user: string): Promise<TotpStatus> {
  const row = await shared.tables.secrets.get({ user })
  const backupCodes = row ? await countBackupCodes(shared, user) : 0
  return { enabled: row !== null, since: row?.confirmedAt ?? null, backupCodes }
}

/** Devices that are remembered were so for the enrolment that goes. */
export async function removeAll({ tables }: Shared, user: string): Promise<void> {
  await tables.enrolments.remove({ user })
  await tables.secrets.remove({ user })
  await tables.backupCodes.remove({ user })
}

/**
 * Whoever has a second factor must have shown it in this session: a remembered device and a password alone must not be enough to
 * remove it.
 *
 * @returns whether they have one
 */
async function requireShown({ tables }: Shared, user: string, amr: readonly string[]): Promise<boolean> {
  const row = await tables.secrets.get({ user })
  if (row && !amr.includes('mfa')) throw new AuthError('StepUpRequired', { stepUp: { factor: 'mfa' } })
  return row !== null
}

import type { InBackground, PluginEngine, SignedInCall, UserRow } from '@latchkey/core'
import { createDigits } from '../shared/digits.ts'
import { guess } from '../shared/guess.ts'
import { type ChangeMessage, NOT_SENT } from '../shared/messages.ts'
import { replace } from '../shared/replace.ts'
import type { EmailSent } from '../shared/sent.ts'
import type { MailSettings } from '../shared/settings.ts'
import type { ChangeRow, Tables } from './tables.ts'

/** What the functions of this folder share. */
export interface Shared {
  readonly settings: MailSettings<ChangeMessage>
  readonly engine: PluginEngine<{}, 'EmailChangeExpired' | 'EmailChangeTaken', 'getUser' | 'getUserByEmail'> & {
    readonly tables: Tables
  }
  readonly inBackground: InBackground
}

/**
 * Sends a code to the new address, and a notice to the old one. If another account has the new address, it gets a notice instead of a code; who
 * asks can't tell.
 *
 * @throws AuthError `RateLimited`
 */
export async function requestChange(
  { settings, engine, inBackground }: Shared,
  call: SignedInCall,
  email: string,
): Promise<EmailSent> {
  const { limits, digits, maxAge: expiresIn, send } = settings
  const userId = call.user.id
  await call.limit({ what: 'user', whom: userId, ...limits.perDevice })
  await call.limit({ what: 'address', whom: email, ...limits.perAddress })
  await call.limit({ what: 'total', whom: null, ...limits.total })
  const code = createDigits(digits)
  const id = crypto.randomUUID()
  const row = {
    user: userId,
    id,
    digest: await digestOf(engine, { id, user: userId, email, code }),
    email,
    expires: new Date(engine.clock().getTime() + expiresIn * 1_000),
  }
  await replace(engine.tables.changes, { user: userId }, row)
  inBackground(NOT_SENT, async () => {
    const [current, owner] = [await engine.store.getUser(userId), await engine.store.getUserByEmail(email)]
    if (owner && owner.id !== userId) await send({ type: 'addressInUse', to: email })
    else await send({ type: 'changeCode', to: email, code, expiresIn })
    if (current?.email && current.email !== email) await send({ type: 'changeRequested', to: current.email })
  })
  return { status: 'sent', expiresIn }
}

/**
 * Changes the address. Of many calls at once exactly one goes on.
 *
 * @throws AuthError `CredentialsSignin` if the code is wrong; `EmailChangeExpired` if none is waited for, or there were too many guesses;
 * `EmailChangeTaken` if another account got the address meanwhile
 */
export async function confirmChange(
  shared: Shared,
  call: SignedInCall,
  code: string,
): Promise<{ readonly email: string }> {
  const { settings, engine, inBackground } = shared
  const userId = call.user.id
  const { email } = await call.attempt({ what: 'confirmEmail', whom: userId }, () => useCode(shared, userId, code))
  const old = await engine.store.getUser(userId)
  await call.whileSignedIn(() => writeAddress(shared, userId, email))
  await call.endOthers()
  const to = old?.email
  if (to && to !== email) inBackground(NOT_SENT, () => settings.send({ type: 'changed', to }))
  return { email }
}

async function useCode({ settings, engine }: Shared, userId: string, code: string): Promise<ChangeRow | null> {
  const { tables, clock, error } = engine
  const row = await tables.changes.get({ user: userId })
  if (!row || row.expires <= clock()) throw error('EmailChangeExpired')
  const digest = await digestOf(engine, { ...row, code })
  const take = () => tables.changes.take({ user: userId }, { digest, expires: { above: clock() } })
  const found = await guess(tables.guesses, { row, max: settings.guesses, take })
  if (found === 'over') throw error('EmailChangeExpired')
  return found
}

/** A store of the app's own may keep one address twice, so it is looked up; one that doesn't refuses the later of two writes. */
async function writeAddress({ engine }: Shared, userId: string, email: string): Promise<void> {
  const requireFree = async () => {
    if (isOther(await engine.store.getUserByEmail(email), userId)) throw engine.error('EmailChangeTaken')
  }
  await requireFree()
  try {
    await engine.updateUser({ id: userId, email, emailVerified: engine.clock() })
  } catch (cause) {
    await requireFree()
    throw cause
  }
}

function isOther(owner: UserRow | null, userId: string): boolean {
  return owner !== null && owner.id !== userId
}

async function digestOf(
  { hash }: Pick<PluginEngine, 'hash'>,
  { id, user, email, code }: Pick<ChangeRow, 'id' | 'user' | 'email'> & { readonly code: string },
): Promise<string> {
  return hash(`change ${user} ${id} ${email} ${code}`)
}

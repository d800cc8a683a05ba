import type { Way } from '@latchkey/core'
import { describeAuthenticator } from './authenticators.ts'
import { insert } from './insert.ts'
import type { Shared } from './shared.ts'
import type { PasskeyRow } from './tables.ts'
import type { PasskeyInfo } from './types.ts'

export async function listPasskeys(shared: Shared, userId: string): Promise<readonly PasskeyInfo[]> {
  return (await listRows(shared, userId)).map(toInfo)
}

/** As the other ways to sign in are listed, by the engine. */
export async function listWays(shared: Shared, userId: string): Promise<readonly Way[]> {
  const rows = await listRows(shared, userId)
  return rows.map(({ id, name, createdAt }) => ({ id, type: 'passkey', name, createdAt }))
}

/** Oldest first. More than a person may have now were allowed before, perhaps. */
async function listRows({ engine }: Shared, userId: string): Promise<readonly PasskeyRow[]> {
  const rows = await engine.tables.passkeys.list({ where: { user: userId }, limit: 100 })
  return rows.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

/** @throws AuthError `NotFound` if this person has no such passkey */
export async function renamePasskey(
  { engine }: Shared,
  userId: string,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<PasskeyInfo> {
  const { passkeys } = engine.tables
  const renamed = await passkeys.update({ id, user: userId }, { name })
  const row = renamed > 0 ? await passkeys.get({ id }) : null
  if (!row) throw engine.error('NotFound')
  return toInfo(row)
}

/** @throws AuthError `NotFound` if this person has no such passkey; `LastWayIn` if they couldn't sign in without it */
export async function removePasskey(shared: Shared, userId: string, id: string): Promise<{ readonly removed: true }> {
  const { engine } = shared
  const known = await engine.tables.passkeys.get({ id })
  if (known?.user !== userId) throw engine.error('NotFound')
  await engine.requireOtherWay(userId, id)
  const row = await engine.tables.passkeys.take({ id }, { user: userId })
  if (!row) throw engine.error('NotFound')
  try {
    // Again: another way may have been removed at the same moment.
    await engine.requireOtherWay(userId, id)
  } catch (error) {
    await insert(shared, row)
    throw error
  }
  return { removed: true }
}

/** All that this person has here: for an account that changes hands. */
export async function removeAll({ engine }: Shared, userId: string): Promise<void> {
  const { passkeys, handles, registrations } = engine.tables
  await handles.remove({ user: userId })
  await registrations.remove({ user: userId })
  await passkeys.remove({ user: userId })
}

export function toInfo({ id, name, authenticator, synced, backedUp, createdAt, lastUsedAt }: PasskeyRow): PasskeyInfo {
  return { id, name, authenticator: describeAuthenticator(authenticator), synced, backedUp, createdAt, lastUsedAt }
}

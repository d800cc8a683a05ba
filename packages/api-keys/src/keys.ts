import { type PluginEngine, readDuration } from '@latchkey/core'
import type { Settings } from './settings.ts'
import { createSecret, readStart } from './secret.ts'
import type { KeyRow, Tables } from './tables.ts'
import type { ApiKeyInfo, CreateApiKey, NewApiKey } from './types.ts'

/** What the functions of this package share. */
export interface Shared {
  readonly settings: Settings
  readonly tables: Tables
  readonly engine: Pick<
    PluginEngine<{}, 'ApiKeyExpired' | 'InvalidApiKey' | 'TooManyApiKeys'>,
    'clock' | 'error' | 'hash' | 'logger'
  >
}

/** @throws AuthError `TooManyApiKeys`, `InvalidInput` if it would last longer than a key may */
export async function createKey(shared: Shared, userId: string, input: CreateApiKey): Promise<NewApiKey> {
  const { settings, tables, engine } = shared
  const expires = readExpiry(shared, input)
  const secret = createSecret(settings.prefix)
  const row = {
    id: crypto.randomUUID(),
    user: userId,
    name: input.name,
    digest: await engine.hash(secret),
    start: readStart(settings.prefix, secret),
    scopes: [...new Set(input.scopes)],
    createdAt: engine.clock(),
    expires,
    lastUsedAt: null,
  }
  // One that has expired takes no slot, and the store may not have deleted it yet.
  await tables.keys.remove({ user: userId, expires: { below: row.createdAt } })
  for (const slot of await findFreeSlots(shared, userId)) {
    // False: a key that was made at the same moment has taken the slot.
    if (await tables.keys.insert({ ...row, slot })) return { ...toInfo(row), key: secret }
  }
  throw engine.error('TooManyApiKeys')
}

function readExpiry({ settings, engine }: Shared, { expiresIn }: CreateApiKey): Date | null {
  const { maxAge } = settings
  const life = expiresIn === undefined ? maxAge : readDuration('expiresIn', expiresIn, expiresIn)
  if (life === null) return null
  const expires = new Date(engine.clock().getTime() + life)
  if ((maxAge !== null && life > maxAge) || Number.isNaN(expires.getTime()))
    throw engine.error('InvalidInput', { fields: ['expiresIn'] })
  return expires
}

async function findFreeSlots({ settings, tables }: Shared, userId: string): Promise<readonly number[]> {
  const { maxPerUser } = settings
  const rows = await tables.keys.list({ where: { user: userId }, limit: maxPerUser })
  const taken = new Set(rows.map(({ slot }) => slot))
  return Array.from({ length: maxPerUser }, (_, slot) => slot).filter((slot) => !taken.has(slot))
}

export async function listKeys({ settings, tables }: Shared, userId: string): Promise<readonly ApiKeyInfo[]> {
  const rows = await tables.keys.list({ where: { user: userId }, limit: settings.maxPerUser })
  return rows.map(toInfo).toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
}

/** @throws AuthError `NotFound` if this user has no such key */
export async function renameKey(
  { tables, engine }: Shared,
  userId: string,
  id: string,
  name: string,
): Promise<ApiKeyInfo> {
  const renamed = await tables.keys.update({ id, user: userId }, { name })
  const row = renamed > 0 ? await tables.keys.get({ id }) : null
  if (!row) throw engine.error('NotFound')
  return toInfo(row)
}

/**
 * Of several that rotate a key at once, one gets the new key.
 *
 * @throws AuthError `NotFound` if this user has no such key, if another call has just rotated it, or if it has expired: a new one with the
 *   same end would be worth nothing
 */
export async function rotateKey({ settings, tables, engine }: Shared, userId: string, id: string): Promise<NewApiKey> {
  const row = await tables.keys.get({ id })
  if (row?.user !== userId || (row.expires && row.expires <= engine.clock())) throw engine.error('NotFound')
  const secret = createSecret(settings.prefix)
  const changes = {
    digest: await engine.hash(secret),
    start: readStart(settings.prefix, secret),
    createdAt: engine.clock(),
    lastUsedAt: null,
  }
  // As it was read: it may have been revoked or rotated meanwhile, and a second new key would end the first.
  const asRead = { id, user: userId, digest: row.digest }
  if ((await tables.keys.update(asRead, changes)) === 0) throw engine.error('NotFound')
  return { ...toInfo({ ...row, ...changes }), key: secret }
}

/** @throws AuthError `NotFound` if this user has no such key */
export async function revokeKey(
  { tables, engine }: Shared,
  userId: string,
  id: string,
): Promise<{ readonly revoked: true }> {
  if (!(await tables.keys.take({ id }, { user: userId }))) throw engine.error('NotFound')
  return { revoked: true }
}

/** Removes all keys of a user: when the account is taken over, a stranger may have made them. */
export async function removeKeys({ tables }: Shared, userId: string): Promise<void> {
  await tables.keys.remove({ user: userId })
}

function toInfo({ id, name, start, scopes, createdAt, expires, lastUsedAt }: Omit<KeyRow, 'slot'>): ApiKeyInfo {
  return { id, name, start, scopes, createdAt, expires, lastUsedAt }
}

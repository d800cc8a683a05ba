import type { CredentialSource, OpenedCredential, UserRow } from '@latchkey/core'
import type { Shared } from './keys.ts'
import { isSecret } from './secret.ts'
import type { KeyRow } from './tables.ts'

type GetUser = (id: string) => UserRow | null | PromiseLike<UserRow | null>

/** API keys as a credential: `authorization: Bearer lk_…`, or `x-api-key`. */
export function createCredential(shared: Shared, getUser: GetUser): CredentialSource {
  const beginning = `${shared.settings.prefix}_`.toLowerCase()
  // Any text with the prefix is meant as a key: one that is damaged is refused, instead of something else deciding.
  const isMeant = (text: string) => text.slice(0, beginning.length).toLowerCase() === beginning
  return {
    find: (header) => {
      const bearer = /^bearer +(.*)$/is.exec(header('authorization') ?? '')?.[1] ?? ''
      const bare = header('x-api-key') ?? ''
      return [bearer.trim(), bare.trim()].find(isMeant) ?? null
    },
    open: (value) => openKey(shared, getUser, value),
  }
}

/** @throws AuthError `InvalidApiKey`, `ApiKeyExpired`, `RateLimited` */
async function openKey(shared: Shared, getUser: GetUser, value: string): Promise<OpenedCredential> {
  const { settings, tables, engine } = shared
  if (!isSecret(settings.prefix, value)) throw engine.error('InvalidApiKey')
  const row = await tables.keys.get({ digest: await engine.hash(value) })
  if (!row) throw engine.error('InvalidApiKey')
  if (row.expires && row.expires <= engine.clock()) throw engine.error('ApiKeyExpired')
  const user = await getUser(row.user)
  if (!user) throw engine.error('InvalidApiKey')
  await countUse(shared, row)
  await noteUse(shared, row)
  const claims = settings.claims && { claims: await settings.claims(user) }
  // A scope that is no longer configured grants nothing.
  const scopes = row.scopes.filter((scope) => settings.scopes.has(scope))
  return { user, id: row.id, scopes, expires: row.expires, ...claims }
}

/** @throws AuthError `RateLimited` */
async function countUse({ settings, tables, engine }: Shared, { id }: KeyRow): Promise<void> {
  if (!settings.rateLimit) return
  const { max, window: length } = settings.rateLimit
  const now = engine.clock().getTime()
  const window = Math.floor(now / length)
  const ends = (window + 1) * length
  const count = await tables.uses.increment({ key: id, window, count: 1, expires: new Date(ends) }, 'count')
  if (count > max) throw engine.error('RateLimited', { retryAfter: Math.ceil((ends - now) / 1_000) })
}

/** Milliseconds: a key that is busy isn't written with every request. */
const NOTED_EVERY = 60_000

/** A call isn't refused because the time of the key's use can't be written. */
async function noteUse({ tables, engine }: Shared, { id, digest, lastUsedAt }: KeyRow): Promise<void> {
  const now = engine.clock()
  if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < NOTED_EVERY) return
  try {
    // As it was read: of many requests at once, one writes. With the digest, for the key may have been rotated meanwhile.
    await tables.keys.update({ id, digest, lastUsedAt }, { lastUsedAt: now })
  } catch (cause) {
    engine.logger.warn('it could not be noted that a key was used', cause)
  }
}

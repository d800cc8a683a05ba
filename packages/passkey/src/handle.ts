import { createRandomText } from '@latchkey/core'
import type { Shared } from './shared.ts'

/**
 * What authenticators know this person by: random, for it may be read without the person's consent (WebAuthn Level 3 section 14.6.1), and the
 * same for all of their passkeys.
 */
export async function ensureHandle(shared: Shared, userId: string): Promise<string> {
  const known = await findHandle(shared, userId)
  if (known !== null) return known
  const handle = createRandomText()
  // False: a registration at the same moment was faster.
  if (await shared.engine.tables.handles.insert({ user: userId, handle })) return handle
  return ensureHandle(shared, userId)
}

/** Null: this person has never had a passkey. */
export async function findHandle({ engine }: Shared, userId: string): Promise<string | null> {
  return (await engine.tables.handles.get({ user: userId }))?.handle ?? null
}

import type { Shared } from './shared.ts'
import type { PasskeyRow } from './tables.ts'

/**
 * Writes a passkey into the first slot of its person that is free.
 *
 * @throws AuthError `PasskeyTaken` if it is somebody's, theirs too; `TooManyPasskeys`
 */
export async function insert({ settings, engine }: Shared, row: PasskeyRow): Promise<PasskeyRow> {
  const { passkeys } = engine.tables
  const { maxPerUser } = settings
  const taken = new Set((await passkeys.list({ where: { user: row.user }, limit: maxPerUser })).map(({ slot }) => slot))
  for (let slot = 0; slot < maxPerUser; slot++) {
    if (taken.has(slot)) continue
    if (await passkeys.insert({ ...row, slot })) return { ...row, slot }
    // Or else a registration at the same moment has taken the slot.
    if (await passkeys.get({ digest: row.digest })) throw engine.error('PasskeyTaken')
  }
  throw engine.error('TooManyPasskeys')
}

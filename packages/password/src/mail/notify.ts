import { parseEmailAddress } from '@latchkey/core'
import type { Shared } from '../shared.ts'

/** Tells the owner of an account that its password is another one: if it wasn't them, they must know. */
export function notifyOfChange(
  { settings, engine, inBackground }: Pick<Shared, 'settings' | 'engine' | 'inBackground'>,
  email: string | null | undefined,
): void {
  const to = parseEmailAddress(email ?? '')
  if (to === null || !settings.send) return
  const at = engine.clock()
  inBackground('the notice of a new password failed', () => settings.send?.({ type: 'passwordChanged', to, at }))
}

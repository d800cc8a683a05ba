import type { Call } from '@latchkey/core'
import type { Settings } from '../settings.ts'

/**
 * Counts a mail before it is known whether one is sent. The client first: one client can't use up what an address and all together have.
 *
 * @throws AuthError `RateLimited`
 */
export async function limitMail(
  { limit, address }: Pick<Call, 'limit' | 'address'>,
  { perAddress, perClient, total }: Settings['limits'],
  { what, email }: { readonly what: string; readonly email: string },
): Promise<void> {
  if (address !== null) await limit({ what: 'mail', whom: address, ...perClient })
  await limit({ what, whom: email, ...perAddress })
  await limit({ what: 'mail', whom: null, ...total })
}

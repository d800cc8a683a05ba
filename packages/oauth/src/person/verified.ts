import type { LinkedUser } from '@latchkey/core'
import type { Arrival } from '../flow/code.ts'
import type { Shared } from '../shared.ts'

/** A sign-in as the engine takes it. */
export function toVerified(_shared: Shared, { shown }: Arrival): LinkedUser {
  const { account, person, profile } = shown
  return { account, person, profile }
}

/** @throws AuthError `OAuthAccountNotLinked` if the account is somebody else's */
export async function linkAccount(shared: Shared, userId: string, { shown }: Arrival): Promise<void> {
  await shared.link(userId, shown.account, { profile: shown.profile })
}

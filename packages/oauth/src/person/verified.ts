import type { LinkedUser } from '@latchkey/core'
import type { ProviderTokens } from '../provider.ts'
import type { Shown } from './person.ts'
import { saveTokens } from '../tokens/store.ts'
import type { Shared } from '../shared.ts'

/** Who came back, and with what. */
export interface Arrival {
  readonly shown: Shown
  readonly tokens: ProviderTokens
}

/** A sign-in as the engine takes it. The tokens are kept once the person may sign in. */
export function toVerified(shared: Shared, { shown, tokens }: Arrival): LinkedUser {
  return { ...shown, belongings: (user) => saveTokens(shared, user.id, shown.account, tokens) }
}

/** @throws AuthError `OAuthAccountNotLinked` if the account is somebody else's */
export async function linkAccount(shared: Shared, userId: string, { shown, tokens }: Arrival): Promise<void> {
  await shared.engine.link(userId, shown.account, { profile: shown.profile })
  await saveTokens(shared, userId, shown.account, tokens)
}

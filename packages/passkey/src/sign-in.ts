import type { SigningInCall, VerifiedUser } from '@latchkey/core'
import { type Assertion, verifyAssertion } from './assertion.ts'
import { readClientData } from './client-data.ts'
import { findHandle } from './handle.ts'
import { digestAccount } from './named-credentials.ts'
import type { Shared } from './shared.ts'
import { findSignInChallenge, type SignInChallenge, spendSignInChallenge } from './sign-in-challenge.ts'
import { readSite } from './site.ts'
import type { PasskeyRow } from './tables.ts'
import type { PasskeySignIn } from './types.ts'
import type { SignInResponse } from './web-authn.ts'

/**
 * Whose sign-in it is; null if the response doesn't prove it. What a passkey's use changes is written at once, before the app's signIn callback
 * has agreed: a counter must not be accepted twice.
 *
 * @throws AuthError `PasskeyChallengeExpired`
 */
export async function beginSignIn(
  shared: Shared,
  call: SigningInCall,
  { response, handle }: Omit<PasskeySignIn, 'provider'>,
): Promise<VerifiedUser | null> {
  const { engine } = shared
  const site = readSite(shared)
  const data = readClientData(site, response.response.clientDataJSON)
  if (!data) return null
  const issued = await findSignInChallenge(shared, call, { challenge: data.challenge, handle })
  if (!issued) throw engine.error('PasskeyChallengeExpired')
  const row = await engine.tables.passkeys.get({ digest: await engine.hash(response.id) })
  if (!row || !(await isMeant(shared, row, { issued, response }))) return null
  const assertion = await verifyAssertion(shared, { site, data, row, response })
  if (!assertion) return null
  if (!(await spendSignInChallenge(shared, issued))) throw engine.error('PasskeyChallengeExpired')
  // Before the passkey's use is written: a take-over that comes later is noticed, because the row that was read is unverified.
  const user = await engine.store.getUser(row.user)
  if (!user || !(await noteUse(shared, row, assertion))) return null
  return { user, amr: toMethods(row, assertion) }
}

/**
 * Whether the passkey is the person's who was asked for; if nobody was, the authenticator must say whose it is (WebAuthn Level 3 section 7.2,
 * step 6).
 */
async function isMeant(
  shared: Shared,
  { user }: PasskeyRow,
  { issued, response }: { readonly issued: SignInChallenge; readonly response: SignInResponse },
): Promise<boolean> {
  const { userHandle } = response.response
  if (issued.account !== null && issued.account !== (await digestAccount(shared, user))) return false
  if (!userHandle) return issued.account !== null
  return userHandle === (await findHandle(shared, user))
}

/**
 * One conditional write. An authenticator that counts never says the same number twice: one that does has been copied, or somebody replays it
 * (WebAuthn Level 3 section 6.1.1).
 */
async function noteUse({ engine }: Shared, row: PasskeyRow, { counter, backedUp }: Assertion): Promise<boolean> {
  const isLater = counter > 0 ? { below: counter } : 0
  const changes = { counter, backedUp, lastUsedAt: engine.clock() }
  if ((await engine.tables.passkeys.update({ id: row.id, counter: isLater }, changes)) > 0) return true
  const { id, user } = row
  engine.logger.warn(
    `the counter of the passkey ${id} of the user ${user} went back, or the passkey was just removed: the sign-in was refused. If the counter did, ` +
      'the passkey may have been copied: ask its owner to remove it',
  )
  return false
}

/** How they signed in, in the words of RFC 8176. An authenticator that has verified the person stands for two factors. */
function toMethods({ synced }: PasskeyRow, { userVerified }: Assertion): readonly string[] {
  return [synced ? 'swk' : 'hwk', 'user', ...(userVerified ? ['mfa'] : [])]
}

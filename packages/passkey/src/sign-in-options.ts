import type { Call } from '@latchkey/core'
import { type NamedCredentials, nameCredentials } from './named-credentials.ts'
import { CHALLENGE_LIFE, type Shared } from './shared.ts'
import { issueSignInChallenge } from './sign-in-challenge.ts'
import { readSite } from './site.ts'
import type { SignInOptions } from './web-authn.ts'

/** What a browser needs to ask for a passkey: any that it has, or one of the person with this address. */
export async function createSignInOptions(
  shared: Shared,
  call: Call,
  email: string | undefined,
): Promise<SignInOptions> {
  const { rpId } = readSite(shared)
  const named = email === undefined ? null : await nameCredentials(shared, email)
  const issued = await issueSignInChallenge(shared, call, named?.account ?? null)
  return {
    ...issued,
    rpId,
    timeout: CHALLENGE_LIFE * 1_000,
    userVerification: shared.settings.userVerification,
    ...(named && { allowCredentials: describe(named) }),
  }
}

function describe({ ids }: NamedCredentials): SignInOptions['allowCredentials'] & {} {
  return ids.map((id) => ({ id, type: 'public-key' }))
}

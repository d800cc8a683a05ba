import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import type { ClientData } from './client-data.ts'
import type { Shared } from './shared.ts'
import type { Site } from './site.ts'
import type { PasskeyRow } from './tables.ts'
import type { SignInResponse } from './web-authn.ts'

/** What an authenticator has signed. */
export interface Assertion {
  readonly counter: number
  readonly userVerified: boolean
  readonly backedUp: boolean
}

interface Parts {
  readonly site: Site
  /** Its challenge and origin were checked. */
  readonly data: ClientData
  readonly row: PasskeyRow
  readonly response: SignInResponse
}

/** The steps of WebAuthn Level 3 section 7.2 that need nothing but the response and the row. Null if it proves nothing. */
export async function verifyAssertion(
  { settings, engine }: Shared,
  { site, data, row, response }: Parts,
): Promise<Assertion | null> {
  const { id, rawId, type } = response
  const { userHandle: _handle, ...signed } = response.response
  try {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response: { id, rawId, type, response: signed, clientExtensionResults: {} },
      expectedChallenge: data.challenge,
      expectedOrigin: data.origin,
      expectedRPID: site.rpId,
      requireUserVerification: settings.userVerification === 'required',
      // The counter is compared where it is written, and after the signature.
      credential: { id: row.credential, publicKey: isoBase64URL.toBuffer(row.publicKey), counter: 0 },
    })
    const { newCounter: counter, userVerified, credentialBackedUp: backedUp, credentialDeviceType } = info
    if (!verified || (credentialDeviceType === 'multiDevice') !== row.synced) return null
    return { counter, userVerified, backedUp }
  } catch (cause) {
    // Whatever it can't read or doesn't accept; nothing of it asks a store.
    engine.logger.warn('a response was refused', cause)
    return null
  }
}

import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers'
import type { ClientData } from './client-data.ts'
import type { Shared } from './shared.ts'
import type { Site } from './site.ts'
import type { RegistrationResponse } from './web-authn.ts'

/**
 * Ed25519, ES256, RS256 (COSE): what every runtime can verify. Not the default of the library, which depends on the runtime: another instance
 * might not be able to verify what this one has accepted.
 */
export const ALGORITHMS: readonly number[] = [-8, -7, -257]

/** What an authenticator says of a new credential. */
export interface Attested {
  readonly credential: string
  readonly publicKey: string
  readonly counter: number
  readonly synced: boolean
  readonly backedUp: boolean
  readonly authenticator: string
}

interface Parts {
  readonly site: Site
  /** Its challenge and origin were checked. */
  readonly data: ClientData
  readonly response: RegistrationResponse
}

/** The steps of WebAuthn Level 3 section 7.1 that need nothing but the response. Null if it is refused. */
export async function verifyAttestation(
  { settings, engine }: Shared,
  { site, data, response }: Parts,
): Promise<Attested | null> {
  const { id, rawId, type } = response
  const { clientDataJSON, attestationObject } = response.response
  try {
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, attestationObject: withoutStatement(attestationObject) },
        clientExtensionResults: {},
      },
      expectedChallenge: data.challenge,
      expectedOrigin: data.origin,
      expectedRPID: site.rpId,
      requireUserVerification: settings.userVerification === 'required',
      supportedAlgorithmIDs: [...ALGORITHMS],
    })
    if (!verified || info.credential.id !== id) return null
    const { credential, aaguid, credentialDeviceType, credentialBackedUp: backedUp } = info
    return {
      credential: id,
      publicKey: isoBase64URL.fromBuffer(credential.publicKey),
      counter: credential.counter,
      synced: credentialDeviceType === 'multiDevice',
      backedUp,
      authenticator: aaguid,
    }
  } catch (cause) {
    engine.logger.warn('a registration was refused', cause)
    return null
  }
}

/**
 * The attestation without its statement. None was asked for, and one that comes anyway isn't read: verifying it would fetch the addresses that its
 * certificates name, and whoever registers writes those.
 */
function withoutStatement(attestationObject: string): string {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData')
  const none = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ])
  return isoBase64URL.fromBuffer(isoCBOR.encode(none))
}

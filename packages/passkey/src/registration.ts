import { generateRegistrationOptions } from '@simplewebauthn/server'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import { createRandomText, type SignedInCall } from '@latchkey/core'
import { describeAuthenticator } from './authenticators.ts'
import { type Attested, ALGORITHMS, verifyAttestation } from './attestation.ts'
import { type ClientData, readClientData } from './client-data.ts'
import { ensureHandle } from './handle.ts'
import { insert } from './insert.ts'
import { toInfo } from './manage.ts'
import { CHALLENGE_LIFE, type Shared } from './shared.ts'
import { readSite } from './site.ts'
import type { PasskeyRow } from './tables.ts'
import type { PasskeyInfo } from './types.ts'
import type { RegistrationOptions, RegistrationResponse, Transport } from './web-authn.ts'

/**
 * What a browser needs to make a passkey for this person.
 *
 * @throws AuthError `StepUpRequired`, `TooManyPasskeys`
 */
export async function createRegistrationOptions(shared: Shared, call: SignedInCall): Promise<RegistrationOptions> {
  const { settings, engine } = shared
  const { user, current } = call
  const { rpId, rpName } = readSite(shared)
  await call.requireSecondFactor()
  const rows = await engine.tables.passkeys.list({ where: { user: user.id }, limit: settings.maxPerUser })
  if (rows.length >= settings.maxPerUser) throw engine.error('TooManyPasskeys')
  const handle = await ensureHandle(shared, user.id)
  const challenge = createRandomText()
  const expires = new Date(engine.clock().getTime() + CHALLENGE_LIFE * 1_000)
  const digest = await engine.hash(challenge)
  await engine.tables.registrations.insert({ digest, user: user.id, session: current.sessionId, expires })
  const options = await generateRegistrationOptions({
    rpID: rpId,
    rpName,
    userName: user.email ?? user.name ?? rpName,
    userDisplayName: user.name ?? '',
    userID: isoBase64URL.toBuffer(handle),
    challenge: isoBase64URL.toBuffer(challenge),
    timeout: CHALLENGE_LIFE * 1_000,
    attestationType: 'none',
    excludeCredentials: rows.map(({ credential, transports }) => ({
      id: credential,
      transports: transports as Transport[], // those that are known, see below
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: settings.userVerification },
    supportedAlgorithmIDs: [...ALGORITHMS],
  })
  return options as RegistrationOptions // what was asked for just now
}

/**
 * Keeps the passkey that a browser has made.
 *
 * @throws AuthError `PasskeyChallengeExpired`, `PasskeyRefused`, `PasskeyTaken`, `StepUpRequired`, `TooManyPasskeys`, `SessionRevoked`
 */
export async function registerPasskey(
  shared: Shared,
  call: SignedInCall,
  { response, name }: { readonly response: RegistrationResponse; readonly name?: string | undefined },
): Promise<PasskeyInfo> {
  const { engine } = shared
  const site = readSite(shared)
  const data = readClientData(site, response.response.clientDataJSON)
  if (!data) throw engine.error('PasskeyRefused')
  await call.requireSecondFactor()
  await takeChallenge(shared, call, data)
  const attested = await verifyAttestation(shared, { site, data, response })
  if (!attested) throw engine.error('PasskeyRefused')
  const row = await toRow(shared, call.user.id, { attested, response, name })
  return toInfo(await call.whileSignedIn(() => insert(shared, row)))
}

/** Of many calls with one challenge exactly one goes on, in the session that asked for it. */
async function takeChallenge(
  { engine }: Shared,
  { user, current }: SignedInCall,
  { challenge }: ClientData,
): Promise<void> {
  const digest = await engine.hash(challenge)
  const where = { user: user.id, session: current.sessionId, expires: { above: engine.clock() } }
  if (!(await engine.tables.registrations.take({ digest }, where))) throw engine.error('PasskeyChallengeExpired')
}

interface NewPasskey {
  readonly attested: Attested
  readonly response: RegistrationResponse
  readonly name: string | undefined
}

async function toRow(
  { engine }: Shared,
  userId: string,
  { attested, response, name }: NewPasskey,
): Promise<PasskeyRow> {
  const { credential, publicKey, counter, synced, backedUp, authenticator } = attested
  return {
    id: crypto.randomUUID(),
    user: userId,
    slot: 0,
    digest: await engine.hash(credential),
    credential,
    publicKey,
    counter,
    transports: (response.response.transports ?? []).filter((transport) => TRANSPORTS.has(transport)),
    synced,
    backedUp,
    authenticator,
    name: name ?? describeAuthenticator(authenticator) ?? 'Passkey',
    createdAt: engine.clock(),
    lastUsedAt: null,
  }
}

/** Others are left out: a browser may not know them. */
const TRANSPORTS: ReadonlySet<string> = new Set([
  'ble',
  'cable',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
] satisfies Transport[])

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { RegistrationOptions, RegistrationResponse, SignInOptions, SignInResponse } from '../../src/index.ts'
import { type Cbor, encodeCbor } from './cbor.ts'

/** What one authenticator is like, and what the page says on which it is used. */
export interface AuthenticatorOptions {
  readonly origin: string
  /** Whether it verifies the person. @default true */
  readonly verifies?: boolean
  /** Whether its passkeys are copied to other devices. @default true; then its counter stays 0 */
  readonly synced?: boolean
  /** @default one that nobody knows */
  readonly aaguid?: string
}

/** What a response says that it shouldn't. */
export interface Forgery {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly counter?: number
  /** Of the flags of the authenticator's data: presence 1, verification 4, may be copied 8, copied 16. */
  readonly flags?: number
  readonly userHandle?: string | null
  /** Changes the signature. */
  readonly isTampered?: boolean
  /** The key of another credential. */
  readonly key?: KeyObject
  readonly id?: string
  readonly fmt?: string
  readonly attStmt?: Cbor
}

/** A passkey in the authenticator. */
export interface Credential {
  readonly id: string
  readonly key: KeyObject
  readonly userHandle: string
  counter: number
}

/** An authenticator and the browser before it, in software: ES256, no attestation. */
export interface Authenticator {
  readonly credentials: Credential[]
  readonly create: (options: RegistrationOptions, forgery?: Forgery) => RegistrationResponse
  /** With the credential that the options name, or the last one. */
  readonly get: (options: SignInOptions, forgery?: Forgery) => SignInResponse
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { origin, verifies = true, synced = true, aaguid = '00000000-0000-0000-0000-000000000000' } = options
  const credentials: Credential[] = []
  const flags = 1 | (verifies ? 4 : 0) | (synced ? 8 | 16 : 0)

  const toClientData = (type: string, challenge: string, forgery: Forgery) => {
    const data = {
      type,
      challenge,
      origin,
      crossOrigin: false,
      ...pick(forgery, 'origin', 'challenge', 'type', 'crossOrigin'),
    }
    return Buffer.from(JSON.stringify(data))
  }
  const toData = (rpId: string, counter: number, forgery: Forgery, more: Uint8Array = Buffer.alloc(0)) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(forgery.counter ?? counter)
    const flag = (forgery.flags ?? flags) | (more.length > 0 ? 64 : 0)
    return Buffer.concat([sha256(forgery.rpId ?? rpId), Buffer.from([flag]), count, more])
  }

  return {
    credentials,
    create: ({ challenge, rp, user }, forgery = {}) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const id = Buffer.from(forgery.id ?? randomBytes(32).toString('base64url'), 'base64url')
      const credential = { id: id.toString('base64url'), key: privateKey, userHandle: user.id, counter: 0 }
      credentials.push(credential)
      const length = Buffer.from([id.length >> 8, id.length & 255])
      const attested = [Buffer.from(aaguid.replaceAll('-', ''), 'hex'), length, id, toCose(publicKey)]
      const authData = toData(rp.id, 0, forgery, Buffer.concat(attested))
      const attestation = new Map<string, Cbor>([
        ['fmt', forgery.fmt ?? 'none'],
        ['attStmt', forgery.attStmt ?? new Map()],
        ['authData', authData],
      ])
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        response: {
          clientDataJSON: toClientData('webauthn.create', challenge, forgery).toString('base64url'),
          attestationObject: encodeCbor(attestation).toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      }
    },
    get: ({ challenge, rpId, allowCredentials }, forgery = {}) => {
      const allowed = new Set(allowCredentials?.map(({ id }) => id))
      const credential = credentials.findLast(({ id }) => allowed.size === 0 || allowed.has(id))
      if (!credential) throw new Error('NotAllowedError: this authenticator has none of these credentials')
      if (!synced) credential.counter++
      const clientData = toClientData('webauthn.get', challenge, forgery)
      const authData = toData(rpId, credential.counter, forgery)
      const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), forgery.key ?? credential.key)
      if (forgery.isTampered) signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1)
      const handle = forgery.userHandle === undefined ? credential.userHandle : forgery.userHandle
      return {
        id: forgery.id ?? credential.id,
        rawId: forgery.id ?? credential.id,
        type: 'public-key',
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(handle !== null && { userHandle: handle }),
        },
      }
    },
  }
}

/** An ES256 key as COSE has it (RFC 9053 section 7.1.1). */
function toCose(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const members: readonly (readonly [number, Cbor])[] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]
  return encodeCbor(new Map(members))
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}

function pick<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Partial<Pick<T, K>> {
  const entries = keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]] as const)
  return Object.fromEntries(entries) as Partial<Pick<T, K>> // those of the keys that are there
}

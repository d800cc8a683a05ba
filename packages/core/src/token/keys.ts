import { createOpener, sha256 } from '#runtime'
import { encodeText, toBase64Url } from '../internal/bytes.ts'
import { andThen } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import { ENCRYPTIONS, type Encryption, type Opener } from './jwe.ts'

/** A key that was derived once, with the name that a token's header gives it. */
export interface TokenKey {
  readonly enc: Encryption
  /** RFC 7638 thumbprint of the key as an `oct` JWK, as Auth.js writes it. */
  readonly kid: string
  /** What jose encrypts with: a CryptoKey for AES-GCM, bytes for the composite keys of AES-CBC. */
  readonly key: CryptoKey | Uint8Array
  readonly open: Opener
}

/** What keys are derived from: read at their first use, as the environment may come later than the configuration. */
export interface KeySource {
  readonly secrets: readonly string[]
  /** Empty for version 4 of next-auth. */
  readonly salt: string
  /** Another library's way to derive them. */
  readonly format?: 'next-auth'
}

export interface KeyRing {
  /** What encrypts: the first secret's AES-GCM key. */
  readonly current: () => Promise<TokenKey>
  /** The keys that may open a token with this header: the one that `kid` names, or without a `kid` one per secret. */
  readonly candidates: (enc: Encryption, kid: string | undefined) => Awaitable<readonly TokenKey[]>
}

/**
 * The keys of one purpose. The salt separates purposes: a token of another kind (another salt) doesn't open here.
 * Derived at first use and kept; HKDF-SHA256 (RFC 5869) with Auth.js's info string, so that its cookies open too.
 */
export function createKeyRing(read: () => KeySource): KeyRing {
  let ready: readonly TokenKey[] | undefined
  let deriving: Promise<readonly TokenKey[]> | undefined
  const derived = () =>
    (deriving ??= deriveAll(read()).then((keys) => {
      ready = keys
      return keys
    }))
  return {
    current: async () => (ready ?? (await derived()))[0]!, // settings.ts refuses an empty list of secrets
    candidates: (enc, kid) => andThen(ready ?? derived(), (keys) => select(keys, enc, kid)),
  }
}

function select(keys: readonly TokenKey[], enc: Encryption, kid: string | undefined): readonly TokenKey[] {
  return keys.filter((key) => key.enc === enc && (kid === undefined || key.kid === kid))
}

async function deriveAll({ secrets, salt, format }: KeySource): Promise<readonly TokenKey[]> {
  // Version 4 has one encryption: with the same key another algorithm must not open.
  const encryptions = format === 'next-auth' ? (['A256GCM'] as const) : ENCRYPTIONS
  const info = format === 'next-auth' ? NEXT_AUTH_INFO : `Auth.js Generated Encryption Key (${salt})`
  const pairs = secrets.flatMap((secret) => encryptions.map((enc) => ({ secret, enc })))
  return Promise.all(pairs.map(({ secret, enc }) => derive(secret, enc, salt, info)))
}

const NEXT_AUTH_INFO = 'NextAuth.js Generated Encryption Key'

async function derive(secret: string, enc: Encryption, salt: string, info: string): Promise<TokenKey> {
  const length = enc === 'A256GCM' ? 32 : 64
  const material = await crypto.subtle.importKey('raw', encodeText(secret), 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: encodeText(salt), info: encodeText(info) },
    material,
    length * 8,
  )
  const bytes = new Uint8Array(bits)
  const key = enc === 'A256GCM' ? await importGcm(bytes) : bytes
  return { enc, kid: await thumbprint(bytes), key, open: createOpener(enc, bytes) }
}

/** RFC 7638 section 3 over the members of an `oct` key; the hash is as wide as the key, which is how Auth.js picks it. */
async function thumbprint(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const json = `{"k":"${toBase64Url(bytes)}","kty":"oct"}`
  if (bytes.length === 32) return sha256(json)
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-512', encodeText(json))))
}

function importGcm(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt'])
}

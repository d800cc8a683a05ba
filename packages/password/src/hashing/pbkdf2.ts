import { configurationError } from '@latchkey/core'
import type { PasswordHasher } from './hasher.ts'
import { isEqual } from './is-equal.ts'
import { formatPhc, parsePhc } from './phc.ts'

/** What `pbkdf2()` takes. */
export interface Pbkdf2Options {
  /** How often HMAC-SHA-256 is done, in whole hundred thousands. @default 600000 */
  readonly iterations?: number
}

const ID = 'pbkdf2-sha256-chain'
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Cloudflare's workerd refuses more at once. So a link is so long, and the key of one link is the password of the next. */
const LINK = 100_000

/**
 * PBKDF2 with HMAC-SHA-256 (RFC 8018) by WebCrypto, for runtimes that run no native code, such as Cloudflare Workers. It costs an attacker
 * with graphics cards far less than `argon2id()` does: take it only where that can't run.
 *
 * @throws AuthError `Configuration` for fewer iterations than OWASP asks for
 */
export function pbkdf2({ iterations = 600_000 }: Pbkdf2Options = {}): PasswordHasher {
  const links = iterations / LINK
  if (!Number.isInteger(links) || links < 6 || links > 99)
    throw configurationError('pbkdf2.iterations', 'write a multiple of 100000, at least 600000')
  const parameters = { i: LINK, n: links }
  return {
    name: 'pbkdf2',
    hash: async (password) => {
      const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
      return formatPhc({ id: ID, parameters, salt, hash: await deriveChain(password, salt, LINK, links) })
    },
    reads: (stored) => parseChain(stored) !== null,
    verify: async (stored, password) => {
      const parsed = parseChain(stored)
      if (!parsed) return false
      return isEqual(await deriveChain(password, parsed.salt, parsed.i, parsed.n), parsed.hash)
    },
    needsRehash: (stored) => !stored.startsWith(`$${ID}$i=${LINK},n=${links}$`),
  }
}

function parseChain(stored: string) {
  const parsed = parsePhc(stored)
  const { i = 0, n = 0 } = parsed?.parameters ?? {}
  const isPossible = i >= 1 && i <= 10_000_000 && n >= 1 && n <= 99 && parsed?.hash.length === HASH_BYTES
  return parsed?.id === ID && isPossible ? { salt: parsed.salt, hash: parsed.hash, i, n } : null
}

async function deriveChain(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number, links: number) {
  let key: Uint8Array<ArrayBuffer> = new TextEncoder().encode(password)
  for (let link = 0; link < links; link++)
    key = await deriveKey({ hash: 'SHA-256', key, salt, iterations, length: HASH_BYTES })
  return key
}

/** What {@link deriveKey} takes. */
export interface Pbkdf2Input {
  readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-512'
  readonly key: Uint8Array<ArrayBuffer>
  readonly salt: Uint8Array<ArrayBuffer>
  readonly iterations: number
  /** Bytes of the result. */
  readonly length: number
}

export async function deriveKey(input: Pbkdf2Input): Promise<Uint8Array<ArrayBuffer>> {
  const { hash, salt, iterations, length } = input
  const key = await crypto.subtle.importKey('raw', input.key, 'PBKDF2', false, ['deriveBits'])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, length * 8))
}

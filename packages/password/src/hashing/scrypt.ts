import { randomBytes, scrypt as derive } from 'node:crypto'
import { configurationError } from '@latchkey/core'
import type { PasswordHasher } from './hasher.ts'
import { isEqual } from './is-equal.ts'
import { formatPhc, parsePhc } from './phc.ts'

/** What `scrypt()` takes: RFC 7914's parameters. */
export interface ScryptOptions {
  /** The logarithm of N, the cost of CPU and memory: 15 stands for 2^15. @default 15 */
  readonly logCost?: number
  /** The size of a block, r. With the cost it makes the memory: 128 · N · r bytes. @default 8 */
  readonly blockSize?: number
  /** How often the whole is done, p. @default 3 */
  readonly parallelism?: number
}

const ID = 'scrypt'
const SALT_BYTES = 16
const HASH_BYTES = 32

/**
 * scrypt (RFC 7914) by `node:crypto`, on threads of Node's pool, for machines that `@node-rs/argon2` has no build for. By default with 32 MiB,
 * one of OWASP's sets of parameters.
 *
 * @throws AuthError `Configuration` for parameters below what OWASP asks for
 */
export function scrypt(options: ScryptOptions = {}): PasswordHasher {
  const { logCost = 15, blockSize = 8, parallelism = 3 } = options
  const parameters = { ln: logCost, r: blockSize, p: parallelism }
  if (
    !Object.values(parameters).every((value) => Number.isInteger(value) && value >= 1) ||
    logCost > 24 ||
    blockSize > 32
  )
    throw configurationError('scrypt', 'write whole numbers: { logCost: 15, blockSize: 8, parallelism: 3 }')
  // 2^13 ten times to 2^17 once, with blocks of 8.
  if (2 ** logCost * blockSize * parallelism < 2 ** 16 * 8)
    throw configurationError('scrypt', 'use at least { logCost: 15, blockSize: 8, parallelism: 3 }, or as much work')
  return {
    name: ID,
    hash: async (password) => {
      const salt = new Uint8Array(randomBytes(SALT_BYTES))
      const hash = await deriveKey({ password, salt, length: HASH_BYTES, ...parameters })
      return formatPhc({ id: ID, parameters, salt, hash })
    },
    reads: (stored) => parseScrypt(stored) !== null,
    verify: async (stored, password) => {
      const parsed = parseScrypt(stored)
      if (!parsed) return false
      const { salt, hash, ln, r, p } = parsed
      return isEqual(await deriveKey({ password, salt, length: hash.length, ln, r, p }), hash)
    },
    needsRehash: (stored) => !stored.startsWith(`$${ID}$ln=${logCost},r=${blockSize},p=${parallelism}$`),
  }
}

function parseScrypt(stored: string) {
  const parsed = parsePhc(stored)
  const { ln = 0, r = 0, p = 0 } = parsed?.parameters ?? {}
  const isPossible = ln >= 1 && ln <= 24 && r >= 1 && r <= 32 && p >= 1 && p <= 64
  return parsed?.id === ID && isPossible ? { salt: parsed.salt, hash: parsed.hash, ln, r, p } : null
}

/** What {@link deriveKey} takes. */
export interface ScryptInput {
  readonly password: string
  readonly salt: Uint8Array | string
  /** Bytes of the result. */
  readonly length: number
  readonly ln: number
  readonly r: number
  readonly p: number
}

export function deriveKey({ password, salt, length, ln, r, p }: ScryptInput): Promise<Uint8Array<ArrayBuffer>> {
  const N = 2 ** ln
  // Node refuses what takes more than 32 MiB unless it is told.
  const options = { N, r, p, maxmem: 256 * N * r }
  return new Promise((resolve, reject) => {
    derive(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))))
  })
}

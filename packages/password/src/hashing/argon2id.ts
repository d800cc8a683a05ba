import { configurationError } from '@latchkey/core'
import type * as Argon2 from '@node-rs/argon2'
import type { PasswordHasher } from './hasher.ts'

/** What `argon2id()` takes. */
export interface Argon2idOptions {
  /** KiB of memory that one hash takes. @default 19456 */
  readonly memoryCost?: number
  /** How often the memory is passed. @default 2 */
  readonly timeCost?: number
  /** How many lanes the memory has; each needs a thread. @default 1 */
  readonly parallelism?: number
}

/** OWASP's smallest sets of parameters: 7 MiB five times to 46 MiB once. */
const LEAST = { memoryCost: 7_168, work: 7_168 * 5 }

/**
 * Argon2id (RFC 9106) by `@node-rs/argon2`: native code, on threads of Node's pool. The default wherever Node's modules are. Reads every
 * kind of Argon2 in PHC form, and replaces those with other parameters.
 *
 * @throws AuthError `Configuration` for parameters below what OWASP asks for
 */
export function argon2id(options: Argon2idOptions = {}): PasswordHasher {
  const { memoryCost = 19_456, timeCost = 2, parallelism = 1 } = options
  for (const [name, value] of Object.entries({ memoryCost, timeCost, parallelism })) requireCount(name, value)
  if (memoryCost < LEAST.memoryCost || memoryCost * timeCost < LEAST.work)
    throw configurationError(
      'argon2id',
      'use at least { memoryCost: 19456, timeCost: 2 }, or as much work with more passes',
    )
  const beginning = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`
  return {
    name: 'argon2id',
    hash: async (password) => (await loadArgon2()).hash(password, { memoryCost, timeCost, parallelism }),
    reads: (stored) => ARGON2.test(stored),
    verify: async (stored, password) => (await loadArgon2()).verify(stored, password),
    needsRehash: (stored) => !stored.startsWith(beginning),
  }
}

const ARGON2 = /^\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d{1,7},t=\d{1,4},p=\d{1,3}\$[\w+/]{11,}\$[\w+/]{16,}$/

function requireCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw configurationError(`argon2id.${name}`, 'write a whole number, one or more')
}

/** With the first password: what loads native code would slow every start of the server. */
function loadArgon2(): Promise<typeof Argon2> {
  return import('@node-rs/argon2')
}

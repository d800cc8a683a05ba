// What needs native code or Node's modules. Chosen by the condition `node`.
import type { Logger } from '@latchkey/core'
import { argon2id } from './argon2id.ts'
import type { PasswordHasher } from './hasher.ts'

export { argon2id } from './argon2id.ts'
export { scrypt } from './scrypt.ts'

/** The hasher of an app that names none. */
export function createDefaultHasher(_logger: Logger): PasswordHasher {
  return argon2id()
}

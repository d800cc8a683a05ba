// The same for runtimes that have WebCrypto only.
import { configurationError, type Logger } from '@latchkey/core'
import type { PasswordHasher } from './hasher.ts'
import { pbkdf2 } from './pbkdf2.ts'

export const argon2id = (): PasswordHasher => refuse('argon2id() runs native code')
export const scrypt = (): PasswordHasher => refuse('scrypt() needs node:crypto')

/** Says what it is: the hashes are weaker than those of a server with Node. */
export function createDefaultHasher(logger: Logger): PasswordHasher {
  logger.warn(
    'passwords are hashed with PBKDF2: this runtime has no native code for argon2id. Write `hasher: pbkdf2()` to agree',
  )
  return pbkdf2()
}

/** @throws AuthError `Configuration` */
function refuse(reason: string): never {
  throw configurationError('password.hasher', `${reason}, which this runtime doesn't have: use pbkdf2()`)
}

import type { Logger } from '@latchkey/core'
import { normalizePassword } from '../rules/normalize.ts'
import type { PasswordHasher, PasswordVerifier } from './hasher.ts'
import type { Queue } from './queue.ts'

/** What a check has shown. */
export interface PasswordCheck {
  readonly isRight: boolean
  /** The stored hash is of an old kind: replace it while the password is known. */
  readonly isOutdated: boolean
  /** Milliseconds that it took, without waiting for its turn. */
  readonly took: number
}

/** Hashes and checks passwords. Every hash waits for its turn. */
export interface Passwords {
  /** @throws AuthError `RateLimited` if too many wait */
  readonly hash: (password: string) => Promise<string>
  /** Null, for somebody who has no password, takes as long as a hash does. @throws AuthError `RateLimited` if too many wait */
  readonly check: (stored: string | null, password: string) => Promise<PasswordCheck>
  /** Whether some hasher can check passwords against this hash. */
  readonly reads: (stored: string) => boolean
}

export interface PasswordsOptions {
  readonly hasher: PasswordHasher
  readonly legacy: readonly PasswordVerifier[]
  readonly queue: Queue
  readonly logger: Logger
}

export function createPasswords({ hasher, legacy, queue, logger }: PasswordsOptions): Passwords {
  const verifiers = [hasher, ...legacy]
  const find = (stored: string) => verifiers.find((verifier) => verifier.reads(stored))
  const readDecoy = memoize(() => hasher.hash(crypto.randomUUID()))
  return {
    hash: (password) => queue(() => hasher.hash(normalizePassword(password))),
    reads: (stored) => find(stored) !== undefined,
    check: async (stored, password) => {
      // Made before it is known whether it is needed: the first sign-in of all would tell.
      const decoy = await readDecoy()
      const verifier = stored === null ? undefined : find(stored)
      if (stored !== null && !verifier)
        logger.error('a stored hash is of no kind that is read: add its hasher to `legacy`')
      const used = verifier && stored !== null ? { verifier, stored } : { verifier: hasher, stored: decoy }
      const { isSame, took } = await queue(() => measure(() => verify(used.verifier, used.stored, password)))
      const isRight = verifier !== undefined && isSame
      const isOutdated = verifier !== hasher || (stored !== null && hasher.needsRehash(stored))
      return { isRight, isOutdated: isRight && isOutdated, took }
    },
  }
}

async function measure(run: () => Promise<boolean>) {
  const began = performance.now()
  const isSame = await run()
  return { isSame, took: performance.now() - began }
}

/** In its normal form first; hashes that came from elsewhere may be of the text as it was typed. */
async function verify(verifier: PasswordVerifier, stored: string, password: string): Promise<boolean> {
  const normal = normalizePassword(password)
  if (await verifier.verify(stored, normal)) return true
  return normal !== password && verifier.verify(stored, password)
}

/** A failure isn't kept. */
function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return async () => {
    made ??= make()
    try {
      return await made
    } catch (error) {
      made = undefined
      throw error
    }
  }
}

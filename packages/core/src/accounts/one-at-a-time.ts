import type { Adapter, VerificationToken } from '../store/adapter.ts'
import { isUnanswered } from '../store/unanswered.ts'

/** An adapter with which exactly one of many callers gets a claim. */
export type ClaimingAdapter = Adapter & Required<Pick<Adapter, 'createVerificationToken' | 'useVerificationToken'>>

export function canClaim(adapter: Adapter): adapter is ClaimingAdapter {
  return typeof adapter.createVerificationToken === 'function' && typeof adapter.useVerificationToken === 'function'
}

const IDENTIFIER = 'latchkey.one-at-a-time'
/** Milliseconds between two attempts to get the claim, and up to as many more: not all come back at the same moment. */
const PAUSE = 20
/** Milliseconds for which a claim counts: after that, the process that held it has ended, for example. */
const CLAIM_LIFE = 10_000
/** Milliseconds that a store may round away: two claims that are further apart aren't the same. */
const ROUNDING = 1_000

/** Runs something that only one caller may run at a time for each name, on all instances together. The others wait. */
export async function runOneAtATime<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  return runClaimed(adapter, await waitForTurn(adapter, name), run)
}

/** The same for a name that no other caller can know yet, such as a new id: there is nobody to wait for. */
export async function runWithNewClaim<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  return runClaimed(adapter, await claim(adapter, name), run)
}

async function claim(adapter: ClaimingAdapter, name: string): Promise<VerificationToken> {
  const own = { identifier: IDENTIFIER, token: name, expires: new Date(Date.now() + CLAIM_LIFE) }
  await adapter.createVerificationToken(own)
  return own
}

async function waitForTurn(adapter: ClaimingAdapter, name: string): Promise<VerificationToken> {
  const began = Date.now()
  let lookAt = began + CLAIM_LIFE
  for (;;) {
    try {
      return await claim(adapter, name)
    } catch (error) {
      if (Date.now() > began + 2 * CLAIM_LIFE || isUnanswered(error)) throw error
      if (Date.now() > lookAt) lookAt = await removeIfStale(adapter, name)
      await new Promise((resolve) => setTimeout(resolve, PAUSE * (1 + Math.random())))
    }
  }
}

/**
 * Removes the claim if it is too old to count. It may be a new one: another caller may have got it while this one waited.
 *
 * @returns when to look again: milliseconds since the epoch
 */
async function removeIfStale(adapter: ClaimingAdapter, name: string): Promise<number> {
  const found = await adapter.useVerificationToken({ identifier: IDENTIFIER, token: name })
  if (found && found.expires.getTime() > Date.now()) await putBack(adapter, found)
  return found ? found.expires.getTime() : Date.now()
}

async function runClaimed<T>(adapter: ClaimingAdapter, own: VerificationToken, run: () => Promise<T>): Promise<T> {
  let mayStillBeWriting = false
  try {
    return await run()
  } catch (error) {
    // It may have been a read; that isn't known.
    mayStillBeWriting = isUnanswered(error)
    throw error
  } finally {
    // Else the claim is left until it no longer counts.
    if (!mayStillBeWriting) await release(adapter, own)
  }
}

/** What has been done counts, even if this fails: the next caller takes the turn after {@link CLAIM_LIFE}. */
async function release(adapter: ClaimingAdapter, { identifier, token, expires }: VerificationToken): Promise<void> {
  try {
    const found = await adapter.useVerificationToken({ identifier, token })
    // If this took longer than CLAIM_LIFE, another caller has the turn by now.
    if (found && found.expires.getTime() - expires.getTime() > ROUNDING) await putBack(adapter, found)
  } catch {
    // The store is down: the calls that follow say so.
  }
}

/**
 * A store can read a claim only by taking it, so a claim that still counts is written back. If another caller claims the name in between, two
 * run at once: that is why each waiter looks at a claim only once.
 */
async function putBack(adapter: ClaimingAdapter, found: VerificationToken): Promise<void> {
  try {
    await adapter.createVerificationToken(found)
  } catch {
    // Another caller has claimed the name in between.
  }
}

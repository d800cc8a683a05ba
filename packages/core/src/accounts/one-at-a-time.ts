import type { Adapter, VerificationToken } from '../store/adapter.ts'
import { isUnanswered } from '../store/unanswered.ts'

/** An adapter with which exactly one of many callers gets a claim. */
export type ClaimingAdapter = Adapter & Required<Pick<Adapter, 'createVerificationToken' | 'useVerificationToken'>>

export function canClaim(adapter: Adapter): adapter is ClaimingAdapter {
  return typeof adapter.createVerificationToken === 'function' && typeof adapter.useVerificationToken === 'function'
}

const IDENTIFIER = 'latchkey.one-at-a-time'
/** Milliseconds between two attempts to get the claim: at first, and once many have failed. */
const FIRST_PAUSE = 20
const LONGEST_PAUSE = 200
/** Milliseconds after which a claim no longer counts: the process that held it has ended, for example. */
const PATIENCE = 10_000
/** Milliseconds that a store may round away: two claims that are further apart aren't the same. */
const SAME = 1_000

/** Runs something that only one caller may run at a time for each name, on all instances together. The others wait. */
export async function runOneAtATime<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  return runClaimed(adapter, await waitForTurn(adapter, name), run)
}

/** The same for a name that nobody else knows yet: there is nobody to wait for. */
export async function runFirst<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  return runClaimed(adapter, await claim(adapter, name), run)
}

async function claim(adapter: ClaimingAdapter, name: string): Promise<VerificationToken> {
  const own = { identifier: IDENTIFIER, token: name, expires: new Date(Date.now() + PATIENCE) }
  await adapter.createVerificationToken(own)
  return own
}

async function waitForTurn(adapter: ClaimingAdapter, name: string): Promise<VerificationToken> {
  const began = performance.now()
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await claim(adapter, name)
    } catch (error) {
      const waited = performance.now() - began
      if (waited > 2 * PATIENCE || isUnanswered(error)) throw error
      if (waited > PATIENCE) await removeIfStale(adapter, name)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** Somebody else may have got their claim a moment ago: however long this caller has waited, it counts. */
async function removeIfStale(adapter: ClaimingAdapter, name: string): Promise<void> {
  const found = await adapter.useVerificationToken({ identifier: IDENTIFIER, token: name })
  if (found && found.expires.getTime() > Date.now()) await putBack(adapter, found)
}

async function runClaimed<T>(adapter: ClaimingAdapter, own: VerificationToken, run: () => Promise<T>): Promise<T> {
  let mayStillBeWriting = false
  try {
    return await run()
  } catch (error) {
    mayStillBeWriting = isUnanswered(error)
    throw error
  } finally {
    // Else the claim is left until it no longer counts.
    if (!mayStillBeWriting) await release(adapter, own)
  }
}

/** What has been done counts, even if this fails: the next caller takes the turn after {@link PATIENCE}. */
async function release(adapter: ClaimingAdapter, { identifier, token, expires }: VerificationToken): Promise<void> {
  try {
    const found = await adapter.useVerificationToken({ identifier, token })
    // After more than PATIENCE somebody else may have the turn.
    if (found && found.expires.getTime() - expires.getTime() > SAME) await putBack(adapter, found)
  } catch {
    // The store is down: the calls that follow say so.
  }
}

/** There is no reading of a claim but taking it. */
async function putBack(adapter: ClaimingAdapter, found: VerificationToken): Promise<void> {
  try {
    await adapter.createVerificationToken(found)
  } catch {
    // Somebody has claimed it in this moment: then that claim counts.
  }
}

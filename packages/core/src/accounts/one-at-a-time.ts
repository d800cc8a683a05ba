import type { Adapter, VerificationToken } from '../store/adapter.ts'

/** An adapter with which exactly one of many callers gets a claim. */
export type ClaimingAdapter = Adapter & Required<Pick<Adapter, 'createVerificationToken' | 'useVerificationToken'>>

export function canClaim(adapter: Adapter): adapter is ClaimingAdapter {
  return typeof adapter.createVerificationToken === 'function' && typeof adapter.useVerificationToken === 'function'
}

type Claim = Pick<VerificationToken, 'identifier' | 'token'>

const IDENTIFIER = 'latchkey.one-at-a-time'
/** Milliseconds between two attempts to get the claim. */
const PAUSE = 20
/** Milliseconds after which a claim no longer counts: the process that held it has ended, for example. */
const PATIENCE = 10_000

/** Runs something that only one caller may run at a time for each name, on all instances together. The others wait. */
export async function runOneAtATime<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  const claim = toClaim(name)
  await waitForTurn(adapter, claim)
  return runClaimed(adapter, claim, run)
}

/** The same for a name that nobody else knows yet: there is nobody to wait for. */
export async function runFirst<T>(adapter: ClaimingAdapter, name: string, run: () => Promise<T>): Promise<T> {
  const claim = toClaim(name)
  await insert(adapter, claim)
  return runClaimed(adapter, claim, run)
}

function toClaim(name: string): Claim {
  return { identifier: IDENTIFIER, token: name }
}

async function runClaimed<T>(adapter: ClaimingAdapter, claim: Claim, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } finally {
    await release(adapter, claim)
  }
}

async function insert(adapter: ClaimingAdapter, claim: Claim): Promise<void> {
  await adapter.createVerificationToken({ ...claim, expires: new Date(Date.now() + PATIENCE) })
}

/** What has been done counts, even if this fails: the next caller takes the turn after {@link PATIENCE}. */
async function release(adapter: ClaimingAdapter, claim: Claim): Promise<void> {
  try {
    await adapter.useVerificationToken(claim)
  } catch {
    // The store is down: the calls that follow say so.
  }
}

async function waitForTurn(adapter: ClaimingAdapter, claim: Claim): Promise<void> {
  const began = performance.now()
  for (;;) {
    try {
      return await insert(adapter, claim)
    } catch (error) {
      const isTooLong = performance.now() - began > PATIENCE
      if (isTooLong && !(await adapter.useVerificationToken(claim))) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

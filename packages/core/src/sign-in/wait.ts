import type { AttemptCounter, AttemptRule, CountedAttempt } from '../contract/limits.ts'
import { AuthError } from '../errors.ts'
import { requireCount } from './admission.ts'
import { toContestKey, toWaitKey } from './attempt-keys.ts'

/** Seconds that a client waits: at first, and once many have asked. */
const FIRST_DELAY = 10
const LONGEST_DELAY = 25

/** Milliseconds for which it is remembered at least that a client has asked: it comes back after {@link LONGEST_DELAY}. */
const SHORTEST_MEMORY = 120_000

/** A client at a name that is being guessed at: digests. */
export interface Waiting {
  readonly name: string
  readonly client: string
}

/**
 * Lets a client's guess at a name through after it has asked once and waited; then one in each further delay, until it has used up its own
 * guesses. Other clients change the delay only, which has an upper bound: a person who knows the password can sign in soon,
 * whatever others do. A counter whose windows begin at fixed times may forget once that a client has asked; then it waits twice.
 *
 * @returns the counts to clear after a success, so that the client needn't wait again
 * @throws AuthError `RateLimited`
 */
export async function requireWait(
  waits: AttemptCounter,
  guesses: AttemptRule,
  waiting: Waiting,
  now: Date,
): Promise<readonly CountedAttempt[]> {
  const keyOf = (count: string) => toWaitKey(count, waiting.name, waiting.client)
  const contested = await waits.consume(await toContestKey(waiting.name), guesses, now)
  const delay = contested.allowed ? FIRST_DELAY : LONGEST_DELAY
  const long = delay > FIRST_DELAY ? [await requireCount(waits, await keyOf('long pause'), toPause(delay), now)] : []
  // The first pause goes on when the delay has grown meanwhile: else the new one would let a second guess through at once.
  const first = await waits.consume(await keyOf('first pause'), toPause(FIRST_DELAY), now)
  if (!first.allowed) {
    await Promise.all(long.map(async ({ undo }) => undo()))
    throw new AuthError('RateLimited', { retryAfter: first.retryAfter })
  }
  const memory = { limit: 1, window: Math.max(guesses.window, SHORTEST_MEMORY) }
  const asked = await waits.consume(await keyOf('asked'), memory, now)
  if (asked.allowed) throw new AuthError('RateLimited', { retryAfter: delay })
  return [...long, first, await requireCount(waits, await keyOf('guesses'), guesses, now)]
}

function toPause(seconds: number): AttemptRule {
  return { limit: 1, window: seconds * 1_000 }
}

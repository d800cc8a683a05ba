import type { Pending } from '../contract/verified.ts'
import { AuthError, configurationError } from '../errors.ts'
import { mergeAmr } from './amr.ts'
import type { Challenges } from './challenges.ts'
import type { Flow } from './flow.ts'
import type { SignInEngine } from './engine.ts'
import { start, type Started } from './start.ts'

/** The sign-in that waits under a challenge. @throws AuthError `InvalidToken` if there is none */
export async function findPending(engine: SignInEngine, challenge: string): Promise<Pending> {
  const { params, factors } = await requireChallenges(engine).find(challenge)
  return { challenge, user: params.user, account: params.account, amr: params.amr, factors }
}

/** The second step that somebody has taken. */
export interface Passed {
  readonly factor: string
  /** What it has shown, besides that there were two. */
  readonly amr: readonly string[]
}

/**
 * Begins the session of a sign-in whose second step has succeeded. The signIn callback isn't asked again. Guesses are counted by the factor's
 * own check, for the user: somebody who knows the first factor gets as many challenges as they like.
 *
 * @param check throws if the session's cookie can't be delivered: before the challenge is consumed
 * @throws AuthError `InvalidToken` if another call was faster, the challenge has expired, or it asks for other factors
 */
export async function finishSignIn(
  engine: SignInEngine,
  pending: Pending,
  { factor, amr }: Passed,
  check: (flow: Flow) => void,
): Promise<Started> {
  const challenges = requireChallenges(engine)
  const waiting = await challenges.find(pending.challenge)
  const { params, flow, factors } = waiting
  if (!factors.includes(factor)) {
    throw new AuthError('InvalidToken', { cause: new Error(`the challenge does not ask for "${factor}"`) })
  }
  const shown = mergeAmr(factor, params.amr, amr, ['mfa'])
  check(flow)
  await challenges.take(pending)
  return start(engine, { ...waiting, params: { ...params, amr: shown } })
}

function requireChallenges({ challenges }: SignInEngine): Challenges {
  if (!challenges)
    throw configurationError('plugins', 'no plug-in has a second factor, so that no sign-in waits for one')
  return challenges
}

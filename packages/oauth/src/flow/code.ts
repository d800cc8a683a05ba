import { createRandomText } from '@latchkey/core'
import type { Arrival } from '../person/verified.ts'
import { openParts, sealParts } from '../sealed.ts'
import type { Shared } from '../shared.ts'
import type { ExchangeInput } from '../types.ts'
import { toChallenge } from './challenge.ts'
import type { Goal } from './flow.ts'

/** Seconds for which a code works: the browser hands it over at once. */
const LIFE = 60
const PURPOSE = 'code'

/** What waits for the client that asked. */
interface Waiting extends Arrival {
  readonly linkTo: string | null
  readonly codeChallenge: string
}

/** Makes the one-time code with which the browser goes back to a client that keeps tokens. Nobody is signed in, and nothing written for them, yet. */
export async function createCode(shared: Shared, { linkTo, codeChallenge }: Goal, arrival: Arrival): Promise<string> {
  const { engine, tables } = shared
  if (!tables || codeChallenge === null) throw engine.error('OAuthCallbackError')
  const code = createRandomText()
  const waiting: Waiting = { ...arrival, linkTo, codeChallenge }
  await tables.codes.insert({
    digest: await engine.hash(code),
    sealed: await sealParts(shared, PURPOSE, waiting, LIFE),
    expires: new Date(engine.clock().getTime() + LIFE * 1_000),
  })
  return code
}

/**
 * Takes what waits under a code, which is used up, also by a client that lacks the verifier.
 *
 * @param linkTo whose account it was begun for; null: it must be a sign-in
 * @throws AuthError `OAuthCallbackError`
 */
export async function takeCode(shared: Shared, input: ExchangeInput, linkTo: string | null): Promise<Arrival> {
  const { engine, tables } = shared
  const now = engine.clock()
  const row = await tables?.codes.take({ digest: await engine.hash(input.code) }, { expires: { above: now } })
  const waiting = row && (await openParts<Waiting>(shared, PURPOSE, row.sealed))
  if (!waiting) throw engine.error('OAuthCallbackError', { detail: 'the code was used, or is too old' })
  if ((await toChallenge(input.codeVerifier)) !== waiting.codeChallenge)
    throw engine.error('OAuthCallbackError', { detail: 'the verifier is not the one of the challenge' })
  if (waiting.linkTo !== linkTo)
    throw engine.error('OAuthCallbackError', { detail: 'the code was made for something else' })
  const { person } = waiting.shown
  // JSON has no dates.
  const emailVerified = person.emailVerified ? new Date(person.emailVerified) : null
  return { ...waiting, shown: { ...waiting.shown, person: { ...person, emailVerified } } }
}

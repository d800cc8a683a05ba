import { writeRefreshCookie } from '../bearer/cookie.ts'
import { endBearer } from '../bearer/family.ts'
import { toTokenResponse } from '../bearer/response.ts'
import type { RequestSource, SignInResult } from '../contract/context.ts'
import { readSessionCookie } from '../cookie/read.ts'
import { readClientAddress } from '../internal/client-address.ts'
import { shapeSession, tellShaped } from '../session/shape.ts'
import { readFlow } from '../sign-in/flow.ts'
import { signIn, type SignedIn } from '../sign-in/sign-in.ts'
import { type Identified, identifyCookie } from './identify.ts'
import { checkOwnOrigin, issueCookie, requireWritable, send } from './outgoing.ts'
import type { RequestEngine } from './engine.ts'

/** `signIn` of a request: the checks that come before anything is written, the sign-in, then cookie or tokens. */
export async function signInHere(
  engine: RequestEngine,
  source: RequestSource,
  input: unknown,
): Promise<SignInResult<unknown>> {
  const { settings } = engine
  checkOwnOrigin(engine, source)
  source.response.noStore()
  const flow = readFlow(settings, input, source.header('x-auth-flow'))
  if (flow.kind === 'cookie' || flow.refresh === 'cookie') requireWritable(source)
  const cookie = readSessionCookie(source.header('cookie'), settings.cookie.name)
  const previous = flow.kind === 'cookie' ? await identifyCookie(engine, cookie) : null
  const outcome = await signIn(engine, input, readCaller(engine, source), flow)
  if (outcome.status === 'redirect') return outcome
  return outcome.status === 'tokens'
    ? answerTokens(engine, source, outcome, flow.refresh)
    : answerCookie(engine, source, outcome, previous)
}

function readCaller({ settings }: RequestEngine, source: RequestSource) {
  const header = (name: string) => source.header(name.toLowerCase()) ?? null
  const address = readClientAddress(source.address, source.header('x-forwarded-for'), settings.trustedProxies)
  return { header, address }
}

async function answerCookie(
  engine: RequestEngine,
  source: RequestSource,
  { issued, tell }: SignedIn<'signedIn'>,
  previous: Identified | null,
): Promise<SignInResult<unknown>> {
  const { strategy } = engine
  const { identity, cookie } = issued
  let isKept = true
  const end = () => {
    isKept = false
    return strategy.end(identity)
  }
  const isCurrent = () => isKept && !engine.revocations.has(identity.sessionId)
  const answer = await endIfItFails(engine, end, async () => {
    const result = { status: 'signedIn' as const, session: await shapeSession(engine, identity) }
    source.checkBody?.(result)
    send(source, issueCookie(engine, cookie, previous?.cookie ?? { value: null, present: [] }), isCurrent)
    // A new sign-in ends the session that this browser had (ASVS 7.2.4): a cookie planted beforehand is worth nothing.
    if (previous?.identity) await strategy.end(previous.identity)
    return result
  })
  tell()
  tellShaped(engine, identity, answer.session)
  return answer
}

async function answerTokens(
  engine: RequestEngine,
  source: RequestSource,
  { pair, tell }: SignedIn<'tokens'>,
  refresh: 'cookie' | 'body',
): Promise<SignInResult<unknown>> {
  const { bearer } = engine
  const { identity } = pair
  const end = async () => bearer && endBearer(bearer, identity)
  const answer = await endIfItFails(engine, end, async () => {
    const response = toTokenResponse(engine.settings, pair, await shapeSession(engine, identity), refresh)
    const result = { status: 'tokens' as const, ...response }
    source.checkBody?.(result)
    if (refresh === 'cookie') send(source, [writeRefreshCookie(engine.settings, pair)])
    return result
  })
  tell()
  tellShaped(engine, identity, answer.session)
  return answer
}

/** A sign-in whose answer can't be sent fails, and ends the session that it has just made. */
async function endIfItFails<T>(
  { settings }: RequestEngine,
  end: () => Promise<unknown>,
  answer: () => Promise<T>,
): Promise<T> {
  try {
    return await answer()
  } catch (error) {
    // The reason of the first failure is the one that helps.
    await end().catch((cause: unknown) => settings.logger.error('a failed sign-in could not be undone', cause))
    throw error
  }
}

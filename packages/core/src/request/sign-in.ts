import { endBearer, type IssuedPair } from '../bearer/bearer.ts'
import { writeRefreshCookie } from '../bearer/cookie.ts'
import { toTokenResponse } from '../bearer/response.ts'
import type { TokenResponse } from '../bearer/types.ts'
import type { RequestSource, SignInResult } from '../context.ts'
import { readClientAddress } from '../internal/client-address.ts'
import { readFlow } from '../sign-in/flow.ts'
import { signIn } from '../sign-in/sign-in.ts'
import type { Identity } from '../session/identity.ts'
import { shapeForClient } from '../session/shape.ts'
import type { Begun } from '../session/strategy.ts'
import type { Awaitable } from '../types.ts'
import type { LookUp } from './look-up.ts'
import { checkOwnOrigin, issueCookie, requireWritable, send } from './outgoing.ts'
import type { Rooms } from './rooms.ts'

/** `signIn` of a request: the checks that come before anything is written, the sign-in, then cookie or tokens (O1). */
export async function signInHere(
  rooms: Rooms,
  source: RequestSource,
  look: () => Awaitable<LookUp>,
  input: unknown,
): Promise<SignInResult<unknown>> {
  checkOwnOrigin(rooms, source)
  source.response.noStore()
  const flow = readFlow(rooms.engine.settings, input, source.header('x-auth-flow'))
  if (flow.kind === 'cookie' || flow.refresh === 'cookie') requireWritable(source)
  const previous = flow.kind === 'cookie' ? await look() : null
  const outcome = await signIn(rooms, input, readCaller(rooms, source), flow.kind)
  if (outcome.status === 'redirect') return outcome
  if (outcome.status === 'tokens')
    return { status: 'tokens', ...(await answerTokens(rooms, source, outcome.pair, flow.refresh)) }
  return answerCookie(rooms, source, outcome.issued, previous)
}

function readCaller({ engine }: Rooms, source: RequestSource) {
  const header = (name: string) => source.header(name.toLowerCase()) ?? null
  const address = readClientAddress(source.address, source.header('x-forwarded-for'), engine.settings.trustedProxies)
  return { header, address }
}

async function answerCookie(rooms: Rooms, source: RequestSource, issued: Begun, previous: LookUp | null) {
  const { identity, cookie } = issued
  const session = await shapeOrEnd(rooms, identity, () => rooms.strategy.end(identity))
  // A new sign-in ends the session that this browser had (ASVS 7.2.4): a cookie planted beforehand is worth nothing.
  if (previous?.via === 'cookie' && previous.identity) await rooms.strategy.end(previous.identity)
  send(source, issueCookie(rooms, cookie, previous?.cookie ?? { value: null, present: [] }))
  return { status: 'signedIn' as const, session }
}

async function answerTokens(
  { engine, bearer }: Rooms,
  source: RequestSource,
  pair: IssuedPair,
  refresh: 'cookie' | 'body',
): Promise<TokenResponse<unknown>> {
  const session = await shapeOrEnd({ engine }, pair.identity, async () => bearer && endBearer(bearer, pair.identity))
  if (refresh === 'cookie') send(source, [writeRefreshCookie(engine.settings, pair)])
  return toTokenResponse(engine.settings, pair, session, refresh)
}

/** A sign-in whose answer can't be shaped fails, and leaves no session behind that nobody holds. */
async function shapeOrEnd(
  { engine }: Pick<Rooms, 'engine'>,
  identity: Identity,
  end: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await shapeForClient(engine, identity)
  } catch (error) {
    await end()
    throw error
  }
}

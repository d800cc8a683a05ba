import type { TokenResponse } from '@latchkey/core'
import type { Operation } from '@trpc/client'
import { type CookieExchange, exchangeByCookie } from '../tokens/exchange.ts'
import type { Keeper } from '../tokens/keeper.ts'
import { isPage } from '../tokens/page.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { Announcer } from './announcer.ts'
import { type SendOperation, toMutation } from '../send.ts'
import { attemptTwice } from './attempt.ts'

/** What the auth router's own queries and mutations are sent with. */
export interface OwnParts {
  /** Unbatched and unstreamed. */
  readonly send: SendOperation
  /** The same, for no longer than `refreshTimeout`. */
  readonly sendInTime: SendOperation
  /** Precedes a procedure's name in its path: `'auth.'`. */
  readonly prefix: string
  readonly keeper: Keeper | undefined
  /** Where the refresh token is a cookie. */
  readonly cookie: CookieExchange | undefined
  readonly announcer: Announcer
}

/** The auth router's queries and mutations, for a router that is merged: nothing else tells them from the app's. */
const NAMES = /^(session|signIn|signOut|updateSession|token|streamTicket|presentToken|providers|sessions\.\w+)$/

/** Whether an operation is the auth router's own, and no stream. */
export function isOwn({ type, path }: Operation, prefix: string): boolean {
  return type !== 'subscription' && (prefix ? path.startsWith(prefix) : NAMES.test(path))
}

/** Sends one of them, and keeps what it changes about the session before anybody else sees the answer. */
export async function sendOwn(parts: OwnParts, op: Operation): Promise<unknown> {
  try {
    return await sendByName(parts, op)
  } catch (error) {
    if (!parts.keeper) parts.announcer.refused(error)
    throw error
  }
}

function sendByName(parts: OwnParts, op: Operation): Promise<unknown> {
  switch (op.path.slice(parts.prefix.length)) {
    case 'session':
      return session(parts, op)
    case 'signIn':
      return signIn(parts, op)
    case 'signOut':
      return signOut(parts, op)
    case 'updateSession':
      return updateSession(parts, op)
    case 'token':
      return token(parts, op)
    default:
      return attemptTwice(parts.keeper, () => parts.send(op))
  }
}

/**
 * That there is no session any more is an end, but the answer does not say why. A guarded call of ours does, so one is made: only in a
 * page, since a server asks for many people.
 */
async function session({ send, prefix, keeper, announcer }: OwnParts, op: Operation): Promise<unknown> {
  const found = await attemptTwice(keeper, () => send(op))
  const before = announcer.saw(found !== null)
  const { wasSignedIn = before } = op.context // of the React provider, which also knows what a server has rendered
  if (before !== false && wasSignedIn && found === null && !keeper && isPage())
    await send(toMutation(`${prefix}streamTicket`)).catch(announcer.refused)
  return found
}

async function signIn({ send, keeper, cookie, announcer }: OwnParts, op: Operation): Promise<unknown> {
  const flow = keeper && { flow: 'token', ...(cookie && { refresh: 'cookie' }) }
  const result = (await send({ ...op, input: { ...flow, ...Object(op.input) } })) as SignInAnswer // what `signIn` answers
  if (result.status === 'tokens' && keeper) await keeper.adopt(result, 'signIn')
  if (result.status === 'signedIn')
    announcer.announce({ session: result.session, reason: 'signIn' }, { reason: 'signIn' })
  return result
}

type SignInAnswer =
  | ({ readonly status: 'tokens' } & TokenResponse<unknown>)
  | { readonly status: 'signedIn'; readonly session: unknown }
  | { readonly status: 'redirect' | 'challenge' }

async function signOut({ sendInTime, keeper, cookie, announcer }: OwnParts, op: Operation): Promise<unknown> {
  const leave = async (tokens: Tokens | null) => {
    const shown = cookie ? { refresh: 'cookie' } : { refreshToken: tokens?.refreshToken }
    const result = await sendInTime(tokens ? { ...op, input: { ...Object(op.input), ...shown } } : op)
    if (!tokens) announcer.announce({ session: null, reason: 'signOut' }, { reason: 'signOut' })
    return result
  }
  if (!keeper) return leave(null)
  // An expired access token is no hindrance where the refresh token can be shown instead.
  await (cookie ? keeper.fresh() : keeper.load())
  return keeper.leave(leave)
}

/** Over a bearer it is a refresh with a patch, and takes its turn with the others. */
async function updateSession(
  { send, sendInTime, prefix, keeper, cookie, announcer }: OwnParts,
  op: Operation,
): Promise<unknown> {
  if (!keeper || !(await keeper.load())) {
    const session = await sendInTime(op)
    announcer.announce({ session, reason: 'update' }, { reason: 'update' })
    return session
  }
  return attemptTwice(keeper, async () => {
    if (!cookie)
      return keeper.replace(
        (tokens) =>
          sendInTime({ ...op, input: { ...Object(op.input), refreshToken: tokens?.refreshToken } }) as Tokenful,
      )
    const response = await keeper.replace(() => exchangeByCookie(cookie, op.input))
    // That endpoint doesn't speak the app's transformer.
    return { ...response, session: await send({ ...op, type: 'query', path: `${prefix}session`, input: undefined }) }
  })
}

/** With a refresh token `updateSession` answers a token response. */
type Tokenful = Promise<TokenResponse<unknown>>

/** An app's own refresh: if it is this session's, the store must not fall behind. */
async function token({ send, keeper }: OwnParts, op: Operation): Promise<unknown> {
  const response = (await send(op)) as TokenResponse<unknown> // what `token` answers
  if (response.sessionId === (await keeper?.load())?.sessionId) await keeper?.adopt(response, 'refresh')
  return response
}

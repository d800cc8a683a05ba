import type { TokenResponse } from '@latchkey/core'
import type { Operation } from '@trpc/client'
import { type CookieExchange, exchangeByCookie } from '../tokens/exchange.ts'
import type { Keeper } from '../tokens/keeper.ts'
import type { Announcer } from './announcer.ts'
import type { SendOperation } from './send.ts'
import { attemptTwice } from './attempt.ts'

/** What the auth router's own queries and mutations are sent with. */
export interface OwnParts {
  /** Unbatched and unstreamed. */
  readonly send: SendOperation
  readonly path: string
  readonly keeper: Keeper | undefined
  /** Where the refresh token is a cookie. */
  readonly cookie: CookieExchange | undefined
  readonly announcer: Announcer
}

/** Sends one of them, and keeps what it changes about the session before anybody else sees the answer. */
export function sendOwn(parts: OwnParts, op: Operation): Promise<unknown> {
  switch (op.path.slice(parts.path.length + 1)) {
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

async function signOut({ send, keeper, cookie, announcer }: OwnParts, op: Operation): Promise<unknown> {
  if (!keeper) {
    const result = await send(op)
    announcer.announce({ session: null, reason: 'signOut' }, { reason: 'signOut' })
    return result
  }
  // An expired access token is no hindrance where the refresh token can be shown instead.
  await (cookie ? keeper.fresh() : keeper.load())
  const shown = cookie ? { refresh: 'cookie' } : undefined
  return keeper.leave((tokens) =>
    send({
      ...op,
      input: tokens ? { ...Object(op.input), ...(shown ?? { refreshToken: tokens.refreshToken }) } : op.input,
    }),
  )
}

/** Over a bearer it is a refresh with a patch, and takes its turn with the others. */
async function updateSession({ send, path, keeper, cookie, announcer }: OwnParts, op: Operation): Promise<unknown> {
  if (!keeper || !(await keeper.load())) {
    const session = await send(op)
    announcer.announce({ session, reason: 'update' }, { reason: 'update' })
    return session
  }
  return attemptTwice(keeper, async () => {
    if (!cookie)
      return keeper.replace(
        (tokens) => send({ ...op, input: { ...Object(op.input), refreshToken: tokens?.refreshToken } }) as Tokenful,
      )
    const response = await keeper.replace(() => exchangeByCookie(cookie, op.input))
    // That endpoint doesn't speak the app's transformer.
    return { ...response, session: await send({ ...op, type: 'query', path: `${path}.session`, input: undefined }) }
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

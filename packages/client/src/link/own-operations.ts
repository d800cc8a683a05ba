import type { TokenResponse } from '@latchkey/core'
import type { Operation } from '@trpc/client'
import { addToInput, type SendOperation, toMutation } from '../send.ts'
import type { Keeper } from '../tokens/keeper.ts'
import { isPage } from '../tokens/page.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { Announcer } from './announcer.ts'
import { attemptTwice } from './attempt.ts'

/** What the auth router's own queries and mutations are sent with. */
export interface OwnParts {
  /** Unbatched and unstreamed. */
  readonly send: SendOperation
  /** The same, for no longer than `refreshTimeout`. */
  readonly sendInTime: SendOperation
  /** Sends a refresh token: as `sendInTime` does, or in its cookie to the endpoint that takes that. */
  readonly sendToken: SendOperation
  /** Precedes a procedure's name in its path: `'auth.'`. */
  readonly prefix: string
  /** Has no tokens if a cookie is the session. */
  readonly keeper: Keeper
  /** Whether the session is in tokens. */
  readonly usesTokens: boolean
  /** Whether the refresh token is in a cookie. */
  readonly byCookie: boolean
  readonly announcer: Announcer
  /** Told what a call failed with. */
  readonly refused: (error: unknown) => void
}

/** The auth router's queries and mutations. */
export interface OwnOperations {
  /** Whether an operation is one of them, and no stream. */
  readonly has: (op: Operation) => boolean
  /** Sends one of them, and keeps what it changes about the session before anybody else sees the result. */
  readonly send: SendOperation
}

/** The rest of them, for a router that is merged: nothing else tells them from the app's. */
const OTHERS = /^(streamTicket|presentToken|providers|sessions\.\w+)$/

export function createOwnOperations(parts: OwnParts): OwnOperations {
  const { send, sendInTime, sendToken, prefix, keeper, usesTokens, byCookie, announcer, refused } = parts

  /**
   * A null result means that the session is over, but doesn't say why. A guarded call does, so the link makes one: only in a page, since a
   * server asks for many people.
   */
  const session = async (op: Operation) => {
    const found = await attemptTwice(keeper, () => send(op))
    const before = announcer.saw(found !== null)
    const { wasSignedIn = before } = op.context // of the React provider, which also knows what a server has rendered
    if (before !== false && wasSignedIn && found === null && !usesTokens && isPage())
      await send(toMutation(`${prefix}streamTicket`)).catch(refused)
    return found
  }

  const signIn = async (op: Operation) => {
    const flow = usesTokens && { flow: 'token', ...(byCookie && { refresh: 'cookie' }) }
    const result = (await send({ ...op, input: { ...flow, ...Object(op.input) } })) as SignInResult // what `signIn` returns
    if (result.status === 'tokens' && usesTokens) await keeper.adopt(async () => result, 'signIn')
    if (result.status === 'signedIn') announcer.announce({ reason: 'signIn' }, result.session)
    return result
  }

  const signOut = async (op: Operation) => {
    // Otherwise an access token that has expired doesn't matter, as the refresh token is shown.
    if (byCookie) await keeper.fresh()
    return keeper.leave(async (tokens) => {
      const shown = byCookie ? { refresh: 'cookie' } : { refreshToken: tokens?.refreshToken }
      const result = await sendInTime(tokens ? addToInput(op, shown) : op)
      if (!tokens) announcer.announce({ reason: 'signOut' }, null)
      return result
    })
  }

  const updateSession = async (op: Operation) => {
    if (await keeper.load()) return updateTokens(op)
    const updated = await sendInTime(op)
    announcer.announce({ reason: 'update' }, updated)
    return updated
  }

  /** A refresh with a patch: it takes its turn with the others. */
  const updateTokens = async (op: Operation) => {
    const exchange = (tokens: Tokens | null) =>
      sendToken(
        byCookie ? { ...op, input: { update: op.input } } : addToInput(op, { refreshToken: tokens?.refreshToken }),
      ) as Promise<TokenResponse<unknown>> // what both return for a refresh token
    const response = await attemptTwice(keeper, () => keeper.adopt(exchange, 'update'))
    // The cookie's endpoint doesn't apply the app's transformer.
    return byCookie
      ? { ...response, session: await send({ ...op, type: 'query', path: `${prefix}session`, input: undefined }) }
      : response
  }

  /** An app's own refresh: if it is this session's, the store must not fall behind. */
  const token = async (op: Operation) => {
    const response = (await send(op)) as TokenResponse<unknown> // what `token` returns
    if (response.sessionId === (await keeper.load())?.sessionId) await keeper.adopt(async () => response, 'refresh')
    return response
  }

  const other = (op: Operation) => attemptTwice(keeper, () => send(op))

  const byName = new Map<string, SendOperation>(Object.entries({ session, signIn, signOut, updateSession, token }))
  return {
    has: ({ type, path }) =>
      type !== 'subscription' && (prefix ? path.startsWith(prefix) : byName.has(path) || OTHERS.test(path)),
    send: async (op) => {
      try {
        return await (byName.get(op.path.slice(prefix.length)) ?? other)(op)
      } catch (error) {
        refused(error)
        throw error
      }
    },
  }
}

type SignInResult =
  | ({ readonly status: 'tokens' } & TokenResponse<unknown>)
  | { readonly status: 'signedIn'; readonly session: unknown }
  | { readonly status: 'redirect' | 'challenge' }

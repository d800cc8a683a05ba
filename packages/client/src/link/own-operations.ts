import type { TokenResponse } from '@latchkey/core'
import type { Operation } from '@trpc/client'
import { addToInput, type SendOperation, toMutation, withoutToken } from '../send.ts'
import { isPage } from '../tokens/page.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { Announcer } from './announcer.ts'
import { type AttemptParts, attemptTwice } from './attempt.ts'

/** What the auth router's own queries and mutations are sent with. */
export interface OwnParts extends AttemptParts {
  /** Unbatched and unstreamed. */
  readonly send: SendOperation
  /** The same, for no longer than `refreshTimeout`. */
  readonly sendInTime: SendOperation
  /** Sends a refresh token: as `sendInTime` does, or in its cookie to the endpoint that takes that. */
  readonly sendToken: SendOperation
  /** Precedes a procedure's name in its path: `'auth.'`. */
  readonly prefix: string
  /** Whether the session is in tokens. */
  readonly usesTokens: boolean
  /** Whether the refresh token is in a cookie. */
  readonly byCookie: boolean
  readonly announcer: Announcer
  /** Called with the error of a call that failed. */
  readonly refused: (error: unknown) => void
}

/** The auth router's queries and mutations. */
export interface OwnOperations {
  /** Whether an operation is one of them, and no stream. */
  readonly has: (op: Operation) => boolean
  /** Sends one of them, and keeps what it changes about the session before anybody else sees the result. */
  readonly send: SendOperation
}

/** Those without a function of their own below, for a router that is merged: only their names tell them from the app's. */
const OTHERS = /^(streamTicket|presentToken|providers|(session|account)s?\.\w+)$/

export function createOwnOperations(parts: OwnParts): OwnOperations {
  const { send, sendInTime, sendToken, prefix, keeper, usesTokens, byCookie, announcer, refused } = parts
  const inCookie = byCookie && { refresh: 'cookie' }

  /**
   * A null result means that the session is over, but doesn't say why. A guarded call does, so the link makes one: only in a page, since a
   * server asks for many people.
   */
  const session = async (op: Operation) => {
    const found = await query(op)
    const before = announcer.noteSignedIn(Boolean(found))
    // In the context signInWith sets `status`, after a popup; the React provider sets `wasSignedIn`: it also knows what a server has rendered.
    if (found) await begin({ ...op.context, session: found })
    else if (before !== false && (op.context.wasSignedIn ?? before) && !usesTokens && isPage())
      await send(toMutation(`${prefix}streamTicket`)).catch(refused)
    return found
  }

  const query = (op: Operation) => attemptTwice(parts, () => send(op))

  /**
   * Any operation but those by name, of a plug-in too. None is sent again without its token: it would be done as the owner of a cookie. One that
   * signs somebody in is for everybody, so the server doesn't ask it for the session before.
   */
  const mutation = async (op: Operation) => begin(await attemptTwice(parts, () => send(askForTokens(op))))

  const signIn = async (op: Operation) => begin(await send(withoutToken(askForTokens(op))))

  /** A session that begins is to be in tokens, unless the input says otherwise. An input that isn't a plain object is sent as it is. */
  const askForTokens = (op: Operation) =>
    usesTokens && Object(op.input ?? {}).constructor === Object
      ? addToInput(op, { flow: 'token', ...inCookie, ...Object(op.input) })
      : op

  /** The status of a result says whether a session has begun. */
  const begin = async (result: unknown) => {
    const { status, session: begun }: { readonly status?: unknown; readonly session?: unknown } = Object(result)
    if (status === 'tokens' && usesTokens) await keeper.adopt(async () => result as TokenResponse<unknown>, 'signIn') // what has this status
    if (status === 'signedIn') {
      // It is in a cookie. Tokens of the session before would decide in its place.
      await keeper.signOut(async () => {})
      announcer.announce({ reason: 'signIn' }, begun)
    }
    return result
  }

  const signOut = async (op: Operation) => {
    // Otherwise an access token that has expired doesn't matter, as the refresh token is shown.
    if (byCookie) await keeper.fresh()
    return keeper.signOut(async (tokens) => {
      const result = await sendInTime(tokens ? addToInput(op, inCookie || { refreshToken: tokens.refreshToken }) : op)
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
    const response = await attemptTwice(parts, () => keeper.adopt(exchange, 'update'))
    // The cookie's endpoint doesn't apply the app's transformer.
    return byCookie
      ? { ...response, session: await send({ ...op, type: 'query', path: `${prefix}session`, input: undefined }) }
      : response
  }

  /** An app's own refresh: if it is this session's, the store must not fall behind. */
  const token = async (op: Operation) => {
    const response = (await send(withoutToken(op))) as TokenResponse<unknown> // what `token` returns
    if (response.sessionId === (await keeper.load())?.sessionId) await keeper.adopt(async () => response, 'refresh')
    return response
  }

  const byName = new Map<string, SendOperation>(Object.entries({ session, signIn, signOut, updateSession, token }))
  return {
    has: ({ type, path }) =>
      type !== 'subscription' && (prefix ? path.startsWith(prefix) : byName.has(path) || OTHERS.test(path)),
    send: async (op) => {
      try {
        return await (byName.get(op.path.slice(prefix.length)) ?? (op.type === 'query' ? query : mutation))(op)
      } catch (error) {
        refused(error)
        throw error
      }
    },
  }
}

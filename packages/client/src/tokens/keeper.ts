import type { AuthErrorKind, TokenResponse } from '@latchkey/core'
import { endsSession, readErrorKind } from '../error-kind.ts'
import { createSharedLock } from './lock.ts'
import { createNews } from './news.ts'
import type { TokenStore } from './store.ts'
import { isEnding, type Tokens, toTokens } from './tokens.ts'

/** Why a session is another one now than before. */
export type ChangeReason = 'signIn' | 'refresh' | 'update' | 'signOut' | 'ended'

/** What happened to the tokens: told to this client's listeners, and without the session to the other tabs. */
export interface TokenChange {
  readonly reason: ChangeReason
  readonly tokens: Tokens | null
  /** Whose tokens changed. */
  readonly sessionId: string
  /** Why it ended. */
  readonly kind?: AuthErrorKind | undefined
}

/** Swaps the refresh token for a new pair; without tokens, the one in the cookie. */
export type Exchange = (tokens: Tokens | null) => Promise<TokenResponse<unknown>>

export interface KeeperOptions {
  readonly store: TokenStore
  readonly exchange: Exchange
  /** How long before its end an access token is refreshed, in milliseconds. */
  readonly early: number
  readonly onChange: (change: TokenChange, session: unknown) => void
}

/**
 * Keeps one client's tokens alive. Everything that changes them takes turns, and looks again at what the store holds once it is its
 * turn: what it came for may be done.
 */
export interface Keeper {
  /** The tokens, as they are. */
  readonly load: () => Promise<Tokens | null>
  /** The tokens to send: refreshed first where the access token is about to end. @throws whatever the refresh failed with */
  readonly fresh: () => Promise<Tokens | null>
  /** Other tokens than these, whose access token was refused: by one refresh, whoever asks. @throws whatever it failed with */
  readonly renew: (refused: Tokens | null) => Promise<Tokens | null>
  /** Another way to get a new pair for the tokens (`updateSession`), in turn with refreshes. */
  readonly replace: (exchange: Exchange) => Promise<TokenResponse<unknown>>
  /** Keeps a sign-in's tokens. */
  readonly adopt: (response: TokenResponse<unknown>, reason: 'signIn' | 'refresh') => Promise<void>
  /** Signs out, and forgets the session then; in turn, so that nobody else takes its end for news meanwhile. */
  readonly leave: <T>(signOut: (tokens: Tokens | null) => Promise<T>) => Promise<T>
  /** Forgets tokens that were refused for good, unless others have come in their place. */
  readonly drop: (refused: Tokens, kind: AuthErrorKind) => Promise<void>
  /** What another tab says. Answers whether it is about this client's session. */
  readonly hear: (change: TokenChange) => boolean
}

/** Milliseconds to wait for what the tab before said: the lock may come sooner than its message. */
const PATIENCE = 250

export function createKeeper({ store, exchange, early, onChange }: KeeperOptions): Keeper {
  const inTurn = createSharedLock(store)
  const news = createNews()
  const byCookie = store.tokenUrl !== undefined
  let current: Tokens | null | undefined
  let flight: Promise<Tokens | null> | undefined

  /** What the store holds now; where the refresh token is a cookie, it holds nothing. */
  const look = async (): Promise<Tokens | null> => (byCookie ? (current ?? null) : (current = await store.read()))

  /** A turn, with what is known at its beginning: another tab's message is there sooner than what it wrote to a storage. */
  const turn = <T>(step: (now: Tokens | null) => Promise<T>): Promise<T> => {
    const heard = news.count()
    return inTurn(async (waited) => {
      if (waited) await news.since(heard, PATIENCE)
      return step(news.count() === heard ? await look() : (current ?? null))
    })
  }

  const keep = async (response: TokenResponse<unknown>, reason: ChangeReason): Promise<Tokens> => {
    const tokens = toTokens(response)
    current = tokens
    await store.write(tokens)
    onChange(
      { reason, tokens, sessionId: tokens.sessionId },
      byCookie && reason !== 'signIn' ? undefined : response.session,
    )
    return tokens
  }

  const clear = async ({ sessionId }: Tokens, reason: ChangeReason, kind?: AuthErrorKind): Promise<null> => {
    current = null
    await store.write(null)
    onChange({ reason, tokens: null, sessionId, kind }, null)
    return null
  }

  const refresh = async (now: Tokens | null): Promise<Tokens | null> => {
    try {
      return await keep(await exchange(now), 'refresh')
    } catch (error) {
      const kind = readErrorKind(error)
      if (!kind || !refusesRefresh(kind)) throw error
      if (!now) return (current = null)
      await clear(now, 'ended', kind)
      throw error
    }
  }

  const renew = (refused: Tokens | null): Promise<Tokens | null> => {
    if (current !== undefined && !isSame(current, refused)) return Promise.resolve(current)
    flight ??= turn((now) => (isSame(now, refused) && (now || byCookie) ? refresh(now) : Promise.resolve(now))).finally(
      () => (flight = undefined),
    )
    return flight
  }

  const load = async (): Promise<Tokens | null> => {
    if (current !== undefined) return current
    // A page that begins can't see the cookie: only asking tells whether there is a session.
    return byCookie ? renew(null) : look()
  }

  const fresh = async (): Promise<Tokens | null> => {
    const tokens = await load()
    if (!tokens || !isEnding(tokens, early)) return tokens
    try {
      return await renew(tokens)
    } catch (error) {
      if (current === null) return null
      if (Date.now() < tokens.expires) return tokens
      throw error
    }
  }

  return {
    load,
    fresh,
    renew,
    replace: (send) =>
      turn(async (now) => {
        const response = await send(now)
        await keep(response, 'update')
        return response
      }),
    adopt: async (response, reason) => void (await turn(() => keep(response, reason))),
    leave: (signOut) =>
      turn(async (now) => {
        const answer = await signOut(now)
        if (now) await clear(now, 'signOut')
        return answer
      }),
    drop: (refused, kind) =>
      turn(async (now) => {
        if (now && isSame(now, refused)) await clear(now, 'ended', kind)
      }),
    hear: ({ tokens, sessionId }) => {
      const isNews = tokens ? isNewer(tokens, current) : current?.sessionId === sessionId
      if (isNews) current = tokens
      news.arrived()
      return isNews
    },
  }
}

function isSame(one: Tokens | null | undefined, other: Tokens | null): boolean {
  return one?.accessToken === other?.accessToken
}

function isNewer(tokens: Tokens, than: Tokens | null | undefined): boolean {
  return tokens.sessionId !== than?.sessionId || tokens.expires > than.expires
}

/** Besides the ends of a session: what the server can't even read will never be worth anything, and no refresh token was there. */
function refusesRefresh(kind: AuthErrorKind): boolean {
  return endsSession(kind) || kind === 'InvalidToken' || kind === 'InvalidInput'
}

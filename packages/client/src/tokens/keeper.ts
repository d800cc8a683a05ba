import type { AuthErrorKind, TokenResponse } from '@latchkey/core'
import { readErrorKind, refusesToken } from '../error-kind.ts'
import { createSharedLock } from './lock.ts'
import type { TokenStore } from './store.ts'
import { isEnding, type Tokens, toTokens } from './tokens.ts'

/** Why a session is another one now than before. */
export type ChangeReason = 'signIn' | 'refresh' | 'update' | 'signOut' | 'ended'

/** What happened to the tokens: told to this client's listeners and to the other tabs. */
export interface TokenChange {
  readonly reason: ChangeReason
  readonly tokens: Tokens | null
  /** Whose tokens changed. */
  readonly sessionId: string
  /** Why it ended. */
  readonly kind?: AuthErrorKind | undefined
}

/** Exchanges the refresh token for a new pair; without tokens, the one in the cookie. */
export type Exchange = (tokens: Tokens | null) => Promise<TokenResponse<unknown>>

export interface KeeperOptions {
  readonly store: TokenStore
  readonly exchange: Exchange
  /** How long before its end an access token is refreshed, in milliseconds. */
  readonly early: number
  /** Told of each change, with the session if the server has sent one; null: none. */
  readonly onChange: (change: TokenChange, session: unknown) => void
}

/**
 * Keeps one client's tokens alive. Whatever changes them takes turns, and in its turn looks again at what the store holds: another caller may
 * have done the same already.
 */
export interface Keeper {
  /** The tokens, as they are. */
  readonly load: () => Promise<Tokens | null>
  /** The tokens to send: refreshed first if the access token is about to end. @throws whatever the refresh failed with */
  readonly fresh: () => Promise<Tokens | null>
  /** Other tokens than these, whose access token was refused: by one refresh for all callers. @throws whatever it failed with */
  readonly renew: (refused: Tokens | null) => Promise<Tokens | null>
  /** Keeps the tokens of another exchange than a refresh (a sign-in, `updateSession`), made in turn with refreshes. */
  readonly adopt: (exchange: Exchange, reason: ChangeReason) => Promise<TokenResponse<unknown>>
  /** Signs out in turn with refreshes, and forgets the tokens when that has succeeded. */
  readonly signOut: (send: (tokens: Tokens | null) => Promise<unknown>) => Promise<unknown>
  /** Forgets these tokens, which the server says are worth nothing any more, unless others have come in their place. */
  readonly drop: (refused: Tokens, kind: AuthErrorKind | undefined) => Promise<void>
  /** Takes over the tokens of another tab's message. Returns whether it is about this client's session. */
  readonly receive: (change: TokenChange) => boolean
}

export function createKeeper({ store, exchange, early, onChange }: KeeperOptions): Keeper {
  const inTurn = createSharedLock(store)
  const byCookie = store.tokenUrl !== undefined
  let current: Tokens | null | undefined
  let flight: Promise<Tokens | null> | undefined
  let messages = 0
  let wake = () => {}

  const look = async (): Promise<Tokens | null> => (current = await store.read())

  /** A turn, with the tokens at its beginning: another tab's message arrives sooner than what it wrote to a storage. */
  const turn = <T>(step: (now: Tokens | null) => Promise<T>): Promise<T> => {
    const before = messages
    return inTurn(async (waited) => {
      if (waited && messages === before) await nextMessage()
      // If the refresh token is a cookie, the store holds nothing.
      return step(messages === before && !byCookie ? await look() : (current ?? null))
    })
  }

  const nextMessage = () =>
    new Promise<void>((resolve) => {
      wake = resolve
      // For so long the message of the tab that had the lock before is waited for: the lock may come sooner.
      setTimeout(resolve, 250)
    })

  const setTokens = async (change: TokenChange, session: unknown): Promise<Tokens | null> => {
    const { tokens } = change
    current = tokens
    await store.write(tokens)
    onChange(change, session)
    return tokens
  }

  const keep = (response: TokenResponse<unknown>, reason: ChangeReason) => {
    const tokens = toTokens(response)
    // The cookie's endpoint doesn't apply the app's transformer to the session.
    const session = byCookie && reason !== 'signIn' ? undefined : response.session
    return setTokens({ reason, tokens, sessionId: tokens.sessionId }, session)
  }

  const clear = ({ sessionId }: Tokens, reason: ChangeReason, kind?: AuthErrorKind) =>
    setTokens({ reason, tokens: null, sessionId, kind }, null)

  const refresh = async (now: Tokens | null): Promise<Tokens | null> => {
    try {
      return await keep(await exchange(now), 'refresh')
    } catch (error) {
      const kind = readErrorKind(error)
      // Without a refresh token the input is what is invalid.
      if (!refusesToken(kind) && kind !== 'InvalidInput') throw error
      if (!now) return (current = null)
      await clear(now, 'ended', kind)
      throw error
    }
  }

  const renew = async (refused: Tokens | null): Promise<Tokens | null> => {
    if (current !== undefined && !isSame(current, refused)) return current
    flight ??= turn(async (now) => (isSame(now, refused) && (now || byCookie) ? refresh(now) : now)).finally(
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
    adopt: (otherExchange, reason) =>
      turn(async (now) => {
        const response = await otherExchange(now)
        await keep(response, reason)
        return response
      }),
    signOut: (send) =>
      turn(async (now) => {
        const result = await send(now)
        if (now) await clear(now, 'signOut')
        return result
      }),
    drop: (refused, kind) =>
      turn(async (now) => {
        if (isSame(now, refused)) await clear(refused, 'ended', kind)
      }),
    receive: ({ tokens, sessionId }) => {
      const isNews = tokens ? isNewer(tokens, current) : current?.sessionId === sessionId
      if (isNews) current = tokens
      messages++
      wake()
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

/** What is known of the session. */
export type SessionState<TSession> =
  | { readonly status: 'loading'; readonly session: undefined; readonly error: null }
  | { readonly status: 'signedIn'; readonly session: TSession; readonly error: null }
  | { readonly status: 'signedOut'; readonly session: null; readonly error: null }
  /** It couldn't be asked for. A session that was known before stays known instead. */
  | { readonly status: 'failed'; readonly session: undefined; readonly error: unknown }

export function toState<TSession>(session: TSession | null | undefined, error: unknown = null): SessionState<TSession> {
  if (session === null) return { status: 'signedOut', session: null, error: null }
  if (session !== undefined) return { status: 'signedIn', session, error: null }
  if (error !== null) return { status: 'failed', session: undefined, error }
  return { status: 'loading', session: undefined, error: null }
}

/** Asks the server for the session. */
export type AskSession<TSession> = (wasSignedIn: boolean) => Promise<TSession | null>

/** Where a provider keeps the session: in itself, or in TanStack Query's cache. */
export interface SessionStore<TSession> {
  readonly subscribe: (listener: () => void) => () => void
  /** The same object until something changes. */
  readonly read: () => SessionState<TSession>
  readonly set: (session: TSession | null) => void
  /** Asks the server. One question at a time; an answer to an older one than the last `set` is dropped. */
  readonly reload: () => Promise<void>
  /** Another session, or none: what was read for the one before is forgotten, what is on the screen is read anew. */
  readonly dropPersonal: () => void
}

/** A store of the provider's own, for apps without TanStack Query. */
export function createOwnStore<TSession>(
  ask: AskSession<TSession>,
  initial: TSession | null | undefined,
): SessionStore<TSession> {
  const listeners = new Set<() => void>()
  let state = toState(initial)
  let version = 0
  let asking: Promise<void> | undefined
  const become = (next: SessionState<TSession>) => {
    version++
    state = next
    for (const listener of listeners) listener()
  }
  const load = async () => {
    const started = version
    try {
      const session = await ask(state.status === 'signedIn')
      if (version === started) become(toState(session))
    } catch (error) {
      if (version === started && state.session === undefined) become(toState<TSession>(undefined, error))
    }
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => state,
    set: (session) => become(toState(session)),
    reload: () => (asking ??= load().finally(() => (asking = undefined))),
    dropPersonal: () => {},
  }
}

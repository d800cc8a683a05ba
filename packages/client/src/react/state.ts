/** What is known of the session: tell the states apart by `status`. */
export type SessionState<TSession> =
  | { readonly status: 'loading'; readonly session: undefined; readonly error: null }
  | { readonly status: 'signedIn'; readonly session: TSession; readonly error: null }
  | { readonly status: 'signedOut'; readonly session: null; readonly error: null }
  /** The server couldn't be asked. If a session was known before, the state stays `'signedIn'` instead. */
  | { readonly status: 'failed'; readonly session: undefined; readonly error: unknown }

export function toState<TSession>(session: TSession | null | undefined, error: unknown = null): SessionState<TSession> {
  if (session === null) return { status: 'signedOut', session: null, error: null }
  if (session !== undefined) return { status: 'signedIn', session, error: null }
  if (error !== null) return { status: 'failed', session: undefined, error }
  return { status: 'loading', session: undefined, error: null }
}

/** Asks the server for the session. */
export type AskSession<TSession> = (wasSignedIn: boolean) => Promise<TSession | null>

/** Keeps a provider's session: by itself, or in TanStack Query's cache. */
export interface SessionStore<TSession> {
  readonly subscribe: (listener: () => void) => () => void
  /** The same object until something changes. */
  readonly read: () => SessionState<TSession>
  readonly set: (session: TSession | null) => void
  /** Asks the server, once at a time. A response is dropped if the session was set in the meantime. */
  readonly reload: () => Promise<void>
  /** Asks the server after a change: the response to an earlier question may be about the session before, and is dropped. */
  readonly reloadAnew: () => Promise<void>
  /** Forgets what was read for the session before. What is on the screen is read again. */
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
  const setState = (next: SessionState<TSession>) => {
    version++
    state = next
    for (const listener of listeners) listener()
  }
  const load = async () => {
    const started = version
    try {
      const session = await ask(state.status === 'signedIn')
      if (version === started) setState(toState(session))
    } catch (error) {
      if (version === started && state.session === undefined) setState(toState<TSession>(undefined, error))
    }
  }
  const reload = () => {
    const own: Promise<void> = (asking ??= load().finally(() => {
      if (asking === own) asking = undefined
    }))
    return own
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => state,
    set: (session) => setState(toState(session)),
    reload,
    reloadAnew: () => {
      version++
      asking = undefined
      return reload()
    },
    dropPersonal: () => {},
  }
}

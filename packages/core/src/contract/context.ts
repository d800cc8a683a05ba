import type { Session } from './session.ts'
import type { MountedOperation, PerformOptions } from './operation.ts'
import type { AuthError } from '../errors.ts'
import type { TokenResponse } from './token-response.ts'
import type { AuthTypes } from './auth-types.ts'
import type { Token } from './token.ts'

/** Whether a `Set-Cookie` can still reach the client: yes, not any more, or never (server components, sockets). */
export type Writability = 'writable' | 'committed' | 'none'

/** A request as the engine sees it; each face makes one from whatever its framework hands it. */
export interface RequestSource {
  /** The HTTP method; undefined if server code calls on its own behalf (`createCaller`). */
  readonly method: string | undefined
  /** A header's value by lower-case name; several are joined as the framework does. */
  readonly header: (name: string) => string | null | undefined
  /** The request's URL with its scheme and host, if the face has it: used only to detect that `baseUrl` wasn't set. */
  readonly url?: string | undefined
  /** The address of the peer on the socket, if there is one. */
  readonly address?: string | undefined
  /** A ticket of `ctx.auth.ticket()` that came where no header can (a stream's URL, a socket's first message). It decides alone. */
  readonly ticket?: string | undefined
  /**
   * The same object for as long as a ticket's stream, or a socket, is open: the engine remembers by it which session the connection
   * has, and whether it was refused.
   */
  readonly connection?: object | undefined
  /** Aborted when that connection closes. */
  readonly closed?: AbortSignal | undefined
  readonly response: ResponseSink
  /**
   * Throws if this face can't write such a body. Called before a sign-in or a refresh is written, so that one whose result can't be sent
   * consumes nothing.
   */
  readonly checkBody?: ((body: unknown) => void) | undefined
  /** On a socket: waits until the client has read enough of what was sent; undefined if it keeps up. */
  readonly drained?: (() => Promise<void> | undefined) | undefined
  /** On a socket: makes this access token, or none, what its further calls are authenticated by. @throws AuthError why the token doesn't count */
  readonly present?: ((accessToken: string | null) => Promise<void>) | undefined
}

/** Writes the response's headers: the one place per face that does. */
export interface ResponseSink {
  readonly writability: () => Writability
  /**
   * Adds or replaces one cookie of the response; called again with the same name it wins over the earlier call. It may throw if no
   * cookie can be set after all.
   *
   * @param isCurrent asked when the response's headers leave: false, and the cookie isn't sent. A sink that hands cookies on at once needn't ask
   */
  readonly setCookie: (name: string, header: string, isCurrent?: () => boolean) => void
  /** `Cache-Control: private, no-store` and `Vary: Cookie`: the response depends on its caller. */
  readonly noStore: () => void
}

/** What `signIn` returns, told apart by `status`. `TMore`: what the configured providers and plug-ins add to it. */
export type SignInResult<TSession, TMore = never> =
  | { readonly status: 'signedIn'; readonly session: TSession | null }
  | ({ readonly status: 'tokens' } & TokenResponse<TSession>)
  | { readonly status: 'redirect'; readonly url: string }
  | TMore

/** What `signOut` takes. */
export interface SignOutInput {
  /** Ends all of the person's sessions. Needs an adapter that keeps sessions by id; without one, only this session ends. */
  readonly everywhere?: boolean | undefined
  /** The refresh token of a client whose access token may have expired by now. */
  readonly refreshToken?: string | undefined
  /** `'cookie'`: clears the refresh token's cookie too. */
  readonly refresh?: 'cookie' | undefined
}

/** What `signOut` returns. */
export interface SignOutResult {
  readonly signedOut: true
  /**
   * Only if `everywhere` was asked for: whether the person's other sessions have ended too. False without an adapter that can list them, and
   * if the session that asked had ended before.
   */
  readonly everywhere?: boolean
}

/** What `refresh` takes. */
export interface RefreshInput<in out U extends AuthTypes = AuthTypes> {
  /** Default: the one in the cookie. */
  readonly refreshToken?: string | undefined
  /** A patch of declared claims, by the `update` schema: `updateSession` for a client that can't name its refresh token. */
  readonly update?: U['update'] | undefined
}

/** What `updateSession` takes: a patch by the `update` schema, and over a bearer the refresh token too. */
export type UpdateInput<U extends AuthTypes> = U['tokens'] extends false
  ? U['update']
  : U['update'] & { readonly refreshToken?: string | undefined }

/** What `updateSession` returns: the shaped session, or over a bearer a token response. */
export type UpdateResult<U extends AuthTypes> = U['tokens'] extends false
  ? U['shaped'] | null
  : U['shaped'] | TokenResponse<U['shaped']> | null

/** The functions that {@link AuthQuestions.watch} calls. */
export interface SessionListener<in out U extends AuthTypes = AuthTypes> {
  /** The session as clients get it, when it has changed. Shaped once per change, however many listen, so that none may write into it. */
  readonly changed?: ((session: U['shaped'] | null) => void) | undefined
  /** The session as the server's procedures see it, when it has changed. */
  readonly session?: ((session: Session<U['role'], U['claims']>) => void) | undefined
  /**
   * It is over: `SessionRevoked`, `SessionExpired`, or for an access token `AccessTokenExpired`; or shaping it failed, or the store has failed
   * for longer than `revalidateAge` (`AdapterError`). Nothing comes after.
   */
  readonly ended: (reason: AuthError) => void
}

/** What one request may be asked besides its operations. */
export interface AuthQuestions<in out U extends AuthTypes = AuthTypes> {
  /** The session that the request arrived with, or null. Never changes within a request, also not by a sign-in in the same batch. */
  readonly session: () => Promise<Session<U['role'], U['claims']> | null>
  /** The session, or `AuthError` (`SessionRequired`, or why the one that was sent doesn't count). */
  readonly requireSession: () => Promise<Session<U['role'], U['claims']>>
  /**
   * The caller: known by a session, or by a credential of a plug-in such as an API key (`via`, `scopes`), which is not a session. Null
   * for an unknown one.
   */
  readonly caller: () => Promise<Session<U['role'], U['claims']> | null>
  /** {@link AuthQuestions.caller}, or `AuthError` (`SessionRequired`, or why the credential that was sent doesn't count). */
  readonly requireCaller: () => Promise<Session<U['role'], U['claims']>>
  /** Every claim of the session, undeclared ones included. For the server only. */
  readonly token: () => Promise<Readonly<Token<U['role'], U['claims']>> | null>
  /**
   * Refuses a request that another site's page could have made the browser send. Every mutation does so itself; a face asks beforehand if it
   * must read a body early.
   *
   * @throws AuthError `UntrustedOrigin`
   */
  readonly checkOrigin: () => void
  /**
   * Tells when this session changes, and when it ends: at once if this instance or its bus knows of it, else within `revalidateAge`, for
   * which the store is asked again. Must be stopped when the stream closes.
   *
   * @returns a function that stops watching
   * @throws AuthError `RateLimited` if 1,000 streams of this session are open in this instance
   */
  readonly watch: (listener: SessionListener<U>) => Promise<() => void>
  /**
   * {@link AuthQuestions.watch} for a known caller. A credential of a plug-in is opened again every `revalidateAge`; `ended` is called when
   * it no longer counts.
   */
  readonly watchCaller: (listener: SessionListener<U>) => Promise<() => void>
  /** For faces: runs one of `auth.operations`. @throws AuthError why it was refused, or what it throws */
  readonly perform: (operation: MountedOperation, options: PerformOptions) => Promise<unknown>
}

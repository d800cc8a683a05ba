import type { AuthError } from '../errors.ts'
import type { Awaitable } from '../internal/types.ts'
import type { AuthTypes } from './auth-types.ts'
import type { MountedOperation, PerformOptions } from './operation.ts'
import type { Session } from './session.ts'
import type { Token } from './token.ts'

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

/** What guards ask, before every call: without a promise if nothing has to be waited for. Each may throw instead of rejecting. */
export interface GuardQuestions<in out U extends AuthTypes = AuthTypes> {
  /** For faces: {@link AuthQuestions.requireSession}. */
  awaitSession(): Awaitable<Session<U['role'], U['claims']>>
  /** For faces: {@link AuthQuestions.requireCaller}. */
  awaitCaller(): Awaitable<Session<U['role'], U['claims']>>
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

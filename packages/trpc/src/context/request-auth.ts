import { type Auth, type AuthContext, AuthError, type AuthTypes, type RequestSource } from '@latchkey/core'
import { missingContextError, toTRPCError } from '../errors.ts'
import { type AuthContextSource, type BufferingSocket, isSocket, isStreamed } from './request.ts'
import { readRequestHeader, toRequestSource } from './source.ts'

/** One process may hold several copies of this package, and a context of one meets the procedures of another. */
const BRAND = Symbol.for('latchkey.RequestAuth')

/**
 * `ctx.auth`: the engine's answers about one request, its errors as tRPC's. One is made for every request, public ones too, so it
 * holds what the adapter said and does nothing with it until somebody asks. (A class, so that the methods cost nothing before;
 * getters, so that they may be destructured.)
 */
export class RequestAuth<U extends AuthTypes> implements AuthContext<U> {
  static {
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  readonly #auth: Auth<U>
  readonly #from: AuthContextSource
  readonly #address: string | undefined
  #engine: AuthContext<U> | undefined
  #committed: boolean
  #presented: string | null | undefined

  constructor(auth: Auth<U>, from: AuthContextSource, address: string | undefined) {
    this.#auth = auth
    this.#from = from
    this.#address = address
    this.#committed = isStreamed(from)
    if (this.#committed && this.#carriesCredential()) this.#source().response.noStore()
  }

  /** The engine's context, with the engine's errors. A socket's is made anew for every question: a session may end while it is open. */
  get engine(): AuthContext<U> {
    if (isSocket(this.#from)) return this.#auth.createContext(this.#source())
    return (this.#engine ??= this.#auth.createContext(this.#source()))
  }

  get session(): AuthContext<U>['session'] {
    return () => this.#ask((engine) => engine.session())
  }

  get requireSession(): AuthContext<U>['requireSession'] {
    return () => this.#ask((engine) => engine.requireSession())
  }

  get caller(): AuthContext<U>['caller'] {
    return () => this.#ask((engine) => engine.caller())
  }

  get requireCaller(): AuthContext<U>['requireCaller'] {
    return () => this.#ask((engine) => engine.requireCaller())
  }

  get token(): AuthContext<U>['token'] {
    return () => this.#ask((engine) => engine.token())
  }

  get clientSession(): AuthContext<U>['clientSession'] {
    return () => this.#ask((engine) => engine.clientSession())
  }

  get checkOrigin(): AuthContext<U>['checkOrigin'] {
    return () => {
      try {
        this.engine.checkOrigin()
      } catch (error) {
        throw toTRPCError(error)
      }
    }
  }

  get signIn(): AuthContext<U>['signIn'] {
    return (input) => this.#ask((engine) => engine.signIn(input))
  }

  get signOut(): AuthContext<U>['signOut'] {
    return (input) => this.#ask((engine) => engine.signOut(input))
  }

  get refresh(): AuthContext<U>['refresh'] {
    return (input) => this.#ask((engine) => engine.refresh(input))
  }

  get update(): AuthContext<U>['update'] {
    return (patch) => this.#ask((engine) => engine.update(patch))
  }

  get ticket(): AuthContext<U>['ticket'] {
    return () => this.#ask((engine) => engine.ticket())
  }

  get watch(): AuthContext<U>['watch'] {
    return (listener) => this.#ask((engine) => engine.watch(listener))
  }

  get providers(): AuthContext<U>['providers'] {
    return () => this.engine.providers()
  }

  get listSessions(): AuthContext<U>['listSessions'] {
    return () => this.#ask((engine) => engine.listSessions())
  }

  get revokeSession(): AuthContext<U>['revokeSession'] {
    return (id) => this.#ask((engine) => engine.revokeSession(id))
  }

  get revokeOtherSessions(): AuthContext<U>['revokeOtherSessions'] {
    return () => this.#ask((engine) => engine.revokeOtherSessions())
  }

  /**
   * Makes this access token, or none, what a socket's further calls are authenticated by: its first message can't be taken back.
   *
   * @throws AuthError what a call with this token would be refused with, `InvalidInput` where the connection is no socket
   */
  async present(accessToken: string | null): Promise<void> {
    if (!isSocket(this.#from))
      throw new AuthError('InvalidInput', { detail: 'presentToken: over HTTP every request carries its own token' })
    if (accessToken !== null) await this.#auth.createContext(this.#source(accessToken)).requireSession()
    this.#presented = accessToken
  }

  /** The socket that responses are sent on; undefined over HTTP. */
  get socket(): BufferingSocket | undefined {
    return isSocket(this.#from) ? this.#from.res : undefined
  }

  /** Whether the request says that it has a body (RFC 9112 section 6.3). */
  get hasBody(): boolean {
    const length = readRequestHeader(this.#from, 'content-length') ?? '0'
    return length !== '0' || Boolean(readRequestHeader(this.#from, 'transfer-encoding'))
  }

  /** Whether the response is returned before its procedures have run: in some runtimes the request's body can't be read after that. */
  get losesBody(): boolean {
    return this.#committed && 'resHeaders' in this.#from && 'req' in this.#from && this.#from.req.method !== 'GET'
  }

  /**
   * Looks up the session of a streamed response while its headers can still be changed. What goes wrong is kept for the procedures
   * that ask: thrown here it would fail every call of the batch, public ones too (trpc-facts 18).
   */
  async lookUpEarly(): Promise<void> {
    if (!this.#committed || !this.#carriesCredential()) return
    this.#committed = false
    await this.engine.session().catch(() => {})
    this.#committed = true
  }

  async #ask<T>(question: (engine: AuthContext<U>) => Promise<T>): Promise<T> {
    try {
      return await question(this.engine)
    } catch (error) {
      throw toTRPCError(error)
    }
  }

  #source(presented = this.#presented): RequestSource {
    return toRequestSource(this.#from, { isCommitted: () => this.#committed, address: this.#address, presented })
  }

  /** Whether the answers may depend on who asks, as far as one can see without a look-up. */
  #carriesCredential(): boolean {
    if (readRequestHeader(this.#from, 'authorization')) return true
    const cookies = readRequestHeader(this.#from, 'cookie')
    return cookies ? cookies.includes(this.#sessionCookie()) : false
  }

  /** Part of every header as long as a `baseUrl` that is asked late is wrong: thrown here it would fail public procedures too. */
  #sessionCookie(): string {
    try {
      return this.#auth.features.sessionCookie
    } catch {
      return ''
    }
  }
}

/** Whether a context's `auth` was made by `authContext`, of whichever copy of this package. */
export function isRequestAuth<U extends AuthTypes>(auth: AuthContext<U> | undefined): auth is RequestAuth<U> {
  return typeof auth === 'object' && auth !== null && BRAND in auth
}

/**
 * The engine's context behind a procedure's `ctx`, its errors still `AuthError`s.
 *
 * @throws TRPCError `Configuration` where `ctx.auth` is missing
 */
export function readEngine<U extends AuthTypes>(ctx: { readonly auth?: AuthContext<U> | undefined }): AuthContext<U> {
  const auth = ctx?.auth
  if (isRequestAuth(auth)) return auth.engine
  if (typeof auth?.requireSession !== 'function') throw missingContextError()
  return auth
}

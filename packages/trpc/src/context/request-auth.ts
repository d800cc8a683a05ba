import {
  type Auth,
  type AuthContext,
  type AuthQuestions,
  type AuthTypes,
  defineMethods,
  type GuardQuestions,
  type RequestSource,
} from '@latchkey/core'
import { missingContextError, toTRPCError } from '../errors.ts'
import {
  type AuthContextSource,
  isSocket,
  isStreamed,
  type RequestContextSource,
  type SocketContextOptions,
} from './request.ts'
import { SocketSource } from './socket.ts'
import { readRequestHeader, toRequestSource } from './source.ts'

const NEVER = () => false

type Engine<U extends AuthTypes> = AuthContext<U> & GuardQuestions<U>

/** One process may hold several copies of this package, and a context of one meets the procedures of another. */
const BRAND = Symbol.for('latchkey.RequestAuth')

/**
 * `ctx.auth`: what the engine knows of one request, with its errors as tRPC's. One is made for every request, public ones too, so it
 * holds what the adapter said and does nothing with it until somebody asks. (A class, so that the methods cost nothing before;
 * getters, so that they may be destructured.)
 */
export class RequestAuth<U extends AuthTypes> implements AuthQuestions<U> {
  static {
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  readonly #auth: Auth<U>
  readonly #from: AuthContextSource
  readonly #address: string | undefined
  #engine: Engine<U> | undefined
  #committed: boolean
  #presented: string | null | undefined

  constructor(auth: Auth<U>, from: AuthContextSource, address: string | undefined) {
    this.#auth = auth
    this.#from = from
    this.#address = address
    this.#committed = isStreamed(from)
    if (this.#committed && !isSocket(from) && this.#carriesCredential()) this.#source(from).response.noStore()
  }

  /** The engine's context, with the engine's errors. */
  get engine(): Engine<U> {
    return this.#engine ?? this.#open()
  }

  get session(): AuthQuestions<U>['session'] {
    return () => this.#ask((engine) => engine.session())
  }

  get requireSession(): AuthQuestions<U>['requireSession'] {
    return () => this.#ask((engine) => engine.requireSession())
  }

  get caller(): AuthQuestions<U>['caller'] {
    return () => this.#ask((engine) => engine.caller())
  }

  get requireCaller(): AuthQuestions<U>['requireCaller'] {
    return () => this.#ask((engine) => engine.requireCaller())
  }

  get token(): AuthQuestions<U>['token'] {
    return () => this.#ask((engine) => engine.token())
  }

  get checkOrigin(): AuthQuestions<U>['checkOrigin'] {
    return () => {
      try {
        this.engine.checkOrigin()
      } catch (error) {
        throw toTRPCError(error)
      }
    }
  }

  get watchCaller(): AuthQuestions<U>['watchCaller'] {
    return (listener) => this.#ask((engine) => engine.watchCaller(listener))
  }

  get watch(): AuthQuestions<U>['watch'] {
    return (listener) => this.#ask((engine) => engine.watch(listener))
  }

  get perform(): AuthQuestions<U>['perform'] {
    return (operation, options) => this.#ask((engine) => engine.perform(operation, options))
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

  /** A socket's context of the engine is made anew for every question: a session may end while the socket is open. */
  #open(): Engine<U> {
    const from = this.#from
    if (isSocket(from)) return this.#openSocket(from, this.#presented)
    return (this.#engine = this.#auth.createContext(this.#source(from)))
  }

  #source(from: RequestContextSource): RequestSource {
    const isCommitted = isStreamed(from) ? this.#readCommitted() : NEVER
    return toRequestSource(from, { isCommitted, address: this.#address })
  }

  #readCommitted(): () => boolean {
    return () => this.#committed
  }

  #openSocket(from: SocketContextOptions, presented: string | null | undefined): Engine<U> {
    const present = (accessToken: string | null) => this.#present(from, accessToken)
    return this.#auth.createContext(new SocketSource(from, { address: this.#address, presented, present }))
  }

  /** Makes this access token, or none, what a socket's further calls are authenticated by: its first message can't be taken back. */
  async #present(from: SocketContextOptions, accessToken: string | null): Promise<void> {
    if (accessToken !== null) await this.#openSocket(from, accessToken).requireSession()
    this.#presented = accessToken
  }

  /** Whether responses may depend on the caller, as far as the headers show without a look-up. */
  #carriesCredential(): boolean {
    return this.#auth.features.carriesCredential((name) => readRequestHeader(this.#from, name))
  }
}

/** A class of {@link RequestAuth} that has the operations of one configuration as methods. */
export function createRequestAuth<U extends AuthTypes>({ operations }: Auth<U>): typeof RequestAuth<U> {
  class ConfiguredRequestAuth extends RequestAuth<U> {}
  defineMethods<RequestAuth<U>>(ConfiguredRequestAuth.prototype, operations, (auth, operation, input) =>
    auth.perform(operation, { readInput: () => input }),
  )
  return ConfiguredRequestAuth
}

/** Whether a context's `auth` was made by `authContext`, of whichever copy of this package. */
export function isRequestAuth(auth: object | undefined): auth is RequestAuth<AuthTypes> {
  return typeof auth === 'object' && auth !== null && BRAND in auth
}

/**
 * The engine's context behind a procedure's `ctx`, its errors still `AuthError`s.
 *
 * @throws TRPCError `Configuration` if `ctx.auth` is missing
 */
export function readEngine(ctx: { readonly auth?: object | undefined }): AuthQuestions | Engine<AuthTypes> {
  const auth = ctx?.auth as AuthQuestions | undefined // what the engine has made; asked below
  if (isRequestAuth(auth)) return auth.engine
  if (typeof auth?.requireSession !== 'function') throw missingContextError()
  return auth
}

/** {@link readEngine} for a guard. @throws as that does */
export function readGuardQuestions(ctx: { readonly auth?: object | undefined }): GuardQuestions {
  const engine = readEngine(ctx)
  return 'awaitSession' in engine ? engine : toGuardQuestions(engine)
}

/** What a test of the app's, say, has put in the place of `ctx.auth`. */
function toGuardQuestions(questions: AuthQuestions): GuardQuestions {
  return { awaitSession: () => questions.requireSession(), awaitCaller: () => questions.requireCaller() }
}

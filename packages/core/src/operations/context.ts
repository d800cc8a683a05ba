import type { AuthTypes } from '../contract/auth-types.ts'
import type { AuthQuestions, GuardQuestions } from '../contract/questions.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { Session } from '../contract/session.ts'
import type { Awaitable } from '../internal/types.ts'
import type { Mounted } from '../contract/plugin-types.ts'
import type { Methods } from '../contract/methods.ts'
import type { ServerBuiltIns } from './built-ins.ts'
import { andThen, asPromise } from '../internal/awaitable.ts'
import type { RequestEngine } from '../request/engine.ts'
import { defineMethods } from '../request/methods.ts'
import type { MountedOperation } from '../contract/operation.ts'
import { type LookUp, requireCaller, requireSession } from '../request/look-up.ts'
import { OpenRequest } from '../request/open-request.ts'
import { checkOwnOrigin } from '../request/outgoing.ts'
import { perform } from '../request/perform.ts'
import { watchCaller } from '../request/watch-caller.ts'

/** One request's caller, and the operations that it may perform: `ctx.auth`. Looked up at the first question, once per request. */
export type AuthContext<U extends AuthTypes = AuthTypes> = AuthQuestions<U> &
  Methods<ServerBuiltIns<U> & Mounted<U['plugins']>, U>

/**
 * Makes the function that opens requests. Opening one does no work yet.
 *
 * @param operations what is there as methods, besides the questions
 */
export function createRequestOpener(
  engine: RequestEngine,
  operations: readonly MountedOperation[],
): (source: RequestSource) => AuthContext & GuardQuestions {
  class Context extends Questions {}
  defineMethods<Context>(Context.prototype, operations, (context, operation, input) =>
    context.perform(operation, { readInput: () => input }),
  )
  // The operations that a configuration has are decided here and in the type by U; the one mirrors the other.
  return (source) => new Context(engine, source) as unknown as AuthContext & GuardQuestions
}

/** What a request may be asked besides its operations. (A class with getters: nothing is made before it is asked for, and all of it may be destructured.) */
export class Questions implements AuthQuestions, GuardQuestions {
  readonly #request: OpenRequest

  constructor(engine: RequestEngine, source: RequestSource) {
    this.#request = new OpenRequest(engine, source)
  }

  awaitSession(): Awaitable<Session> {
    return andThen(this.#request.look(), readRequired)
  }

  awaitCaller(): Awaitable<Session> {
    return andThen(this.#request.look(), requireCaller)
  }

  get session(): AuthQuestions['session'] {
    return () => asPromise(this.#request.look(), readSession)
  }

  get requireSession(): AuthQuestions['requireSession'] {
    return () => asPromise(this.#request.look(), readRequired)
  }

  get caller(): AuthQuestions['caller'] {
    return () => asPromise(this.#request.look(), readCaller)
  }

  get requireCaller(): AuthQuestions['requireCaller'] {
    return () => asPromise(this.#request.look(), requireCaller)
  }

  get token(): AuthQuestions['token'] {
    return async () => structuredClone((await this.#request.look()).identity?.token ?? null)
  }

  get checkOrigin(): AuthQuestions['checkOrigin'] {
    return () => checkOwnOrigin(this.#request.engine, this.#request.source)
  }

  get watchCaller(): AuthQuestions['watchCaller'] {
    return (listener) => watchCaller(this.#request, listener)
  }

  get watch(): AuthQuestions['watch'] {
    return (listener) => this.#request.watch(listener)
  }

  get perform(): AuthQuestions['perform'] {
    return (operation, options) => perform(this.#request, operation, options)
  }
}

const readSession = ({ session }: LookUp) => session
const readRequired = (found: LookUp) => requireSession(found).session
const readCaller = ({ caller, session }: LookUp) => caller ?? session

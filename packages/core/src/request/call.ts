import type { AttemptParams, LimitParams, PluginCookieOptions, SignedInCall } from '../contract/call.ts'
import type { EndpointCall } from '../contract/endpoint.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { Session } from '../contract/session.ts'
import { readDeviceCookie } from '../cookie/device-cookie.ts'
import { readPluginCookie, writePluginCookie } from '../cookie/plugin-cookie.ts'
import { checkOrigin, isSafeMethod } from '../csrf/origin.ts'
import { AuthError } from '../errors.ts'
import { readClientAddress } from '../internal/client-address.ts'
import type { Awaitable } from '../internal/types.ts'
import type { Flow } from '../sign-in/flow.ts'
import { findPending } from '../sign-in/second-step.ts'
import { checkBaseUrl } from './check-base-url.ts'
import { isOnConnection } from './connection.ts'
import { endOthers } from './end-sessions.ts'
import type { RequestEngine } from './engine.ts'
import type { SessionLookUp } from './look-up.ts'
import type { OpenRequest } from './open-request.ts'
import { requireWritable, send } from './outgoing.ts'
import { redirectAfter } from './redirect.ts'
import { requireSecondFactor } from './require-second-factor.ts'
import { finishPending, type SigningIn, signInVerified } from './sign-in.ts'
import { findSignInMethod } from './sign-in-method.ts'
import { whileSignedIn } from './while-signed-in.ts'

export interface CallParts {
  readonly request: OpenRequest
  /** The plug-in whose operation it is; null: it is the library's own. */
  readonly plugin: string | null
  /** The caller, if the operation asks for one. */
  readonly current: Session | null
  /** Their session, if the operation asks for one. */
  readonly lookUp: SessionLookUp | null
  /** Whether a sign-in returns tokens or sets a cookie, if the operation takes the flow. */
  readonly flow: Flow | null
  readonly signal: AbortSignal | undefined
}

/**
 * One call of an operation. (A class with getters: an object that has them written out takes longer to make than all else that a call needs.
 * Getters that return functions: those may be destructured.)
 */
export class OperationCall implements SignedInCall, EndpointCall {
  readonly #parts: CallParts

  constructor(parts: CallParts) {
    this.#parts = parts
  }

  get header(): SignedInCall['header'] {
    return (name) => this.source.header(name.toLowerCase()) ?? null
  }

  get cookie(): SignedInCall['cookie'] {
    return (name) => {
      const { source, engine } = this
      source.response.noStore()
      const value = readPluginCookie(engine.settings.cookie, source.header('cookie'), this.#owner, name)
      // A page of any site can open a socket that the browser adds its cookies to, and read what comes back.
      if (value !== null && isOnConnection(source) && !isSafeMethod(source.method))
        checkOrigin(source, engine.settings.isTrustedOrigin)
      return value
    }
  }

  get address(): string | null {
    const { source } = this
    return readClientAddress(source.address, source.header('x-forwarded-for'), this.engine.settings.trustedProxies)
  }

  get now(): () => Date {
    return this.engine.settings.clock
  }

  get signal(): AbortSignal | undefined {
    return this.#parts.signal
  }

  get session(): () => Promise<Session | null> {
    return async () => (await this.request.look()).session
  }

  get setCookie(): SignedInCall['setCookie'] {
    return (name: string, value: string, options: PluginCookieOptions) => {
      checkBaseUrl(this.engine, this.source)
      requireWritable(this.source)
      send(this.source, [writePluginCookie(this.engine.settings.cookie, this.#owner, name, value, options)])
    }
  }

  get attempt(): SignedInCall['attempt'] {
    return <T extends object>(params: AttemptParams, check: () => Awaitable<T | null>) =>
      this.engine.attempt({ ...params, what: `${this.#owner}.${params.what}`, address: this.address }, check)
  }

  get limit(): SignedInCall['limit'] {
    return (params: LimitParams) =>
      this.engine.limit({ ...params, what: `${this.#owner}.${params.what}`, address: this.address })
  }

  get user(): Session['user'] {
    return this.current.user
  }

  get current(): Session {
    if (!this.#parts.current) throw new Error('a public operation has no caller')
    return this.#parts.current
  }

  get endOthers(): () => Promise<number> {
    return () => endOthers(this.engine, this.lookUp)
  }

  get whileSignedIn(): SignedInCall['whileSignedIn'] {
    return async (run) => whileSignedIn(this.engine, await this.request.require(), run)
  }

  get requireSecondFactor(): SignedInCall['requireSecondFactor'] {
    return async () => {
      const open = (owner: string) => new CallWithoutCookies({ ...this.#parts, plugin: owner })
      await requireSecondFactor(this.engine, await this.request.require(), { open })
    }
  }

  // What a sign-in returns is known to a configuration only: there a marker stands for it.

  get signIn(): EndpointCall['signIn'] {
    return (verified, options) =>
      signInVerified(this.signingIn, findSignInMethod(this.engine, this.#owner), verified, options) as never
  }

  get pending(): EndpointCall['pending'] {
    return (challenge) => findPending(this.engine, challenge)
  }

  get finish(): EndpointCall['finish'] {
    return (pending, factor, { amr = [] } = {}) => finishPending(this.signingIn, pending, { factor, amr }) as never
  }

  get flow(): EndpointCall['flow'] {
    // Null only where the call's type says that it may be: all that signs in takes the flow.
    return (this.#parts.flow?.kind ?? null) as EndpointCall['flow']
  }

  get redirect(): EndpointCall['redirect'] {
    return (to, run) => redirectAfter(this.engine, to, run)
  }

  // For the library's own operations:

  /** The request as a sign-in sees it; as a plug-in or a provider does, if it opens the call for one. */
  get signingIn(): SigningIn {
    const { engine, source, address } = this
    return {
      engine,
      source,
      flow: this.#flow,
      replaces: this.#parts.lookUp?.identity ?? null,
      client: { userAgent: this.header('user-agent'), ip: address },
      device: readDeviceCookie(engine.settings.cookie, source.header('cookie')),
      open: (owner) => new OperationCall({ ...this.#parts, plugin: owner }),
    }
  }

  get engine(): RequestEngine {
    return this.#parts.request.engine
  }

  get source(): RequestSource {
    return this.#parts.request.source
  }

  get request(): OpenRequest {
    return this.#parts.request
  }

  /** @throws AuthError `NotASession` if the caller is known by something else */
  get lookUp(): SessionLookUp {
    if (!this.#parts.lookUp) throw new AuthError('NotASession')
    return this.#parts.lookUp
  }

  /** Whether a sign-in returns tokens or sets a cookie. Only an operation that takes the flow has it. */
  get #flow(): Flow {
    if (!this.#parts.flow) throw new Error('an operation that takes no flow has no flow')
    return this.#parts.flow
  }

  get #owner(): string {
    return this.#parts.plugin ?? 'core'
  }
}

/** A call in which no device is remembered. */
class CallWithoutCookies extends OperationCall {
  override get cookie(): SignedInCall['cookie'] {
    return () => null
  }
}

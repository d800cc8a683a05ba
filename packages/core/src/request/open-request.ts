import type { RequestSource } from '../contract/request-source.ts'
import type { SessionListener } from '../contract/questions.ts'
import { recover } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import type { RequestEngine } from './engine.ts'
import { type SessionLookUp, type LookUp, lookUpSession, requireSession } from './look-up.ts'
import { watchSession } from './watch-session.ts'

/**
 * One request. Its session is looked up when it is first asked for, and kept: the identity of a request is the one it arrived with, whatever
 * its other calls do meanwhile.
 */
export class OpenRequest {
  readonly engine: RequestEngine
  readonly source: RequestSource
  #lookUp: Awaitable<LookUp> | undefined

  constructor(engine: RequestEngine, source: RequestSource) {
    this.engine = engine
    this.source = source
  }

  /** Without a promise if nothing has to be waited for. It doesn't throw: a failure is a rejected promise, and is kept too. */
  look(): Awaitable<LookUp> {
    return (this.#lookUp ??= this.#begin())
  }

  /** @throws AuthError `SessionRequired`, or why the credential that was sent doesn't count */
  async require(): Promise<SessionLookUp> {
    return requireSession(await this.look())
  }

  /** Watches its session. @returns a function that stops watching */
  async watch(listener: SessionListener): Promise<() => void> {
    return watchSession(this.engine, await this.require(), listener)
  }

  #begin(): Awaitable<LookUp> {
    return recover(
      () => lookUpSession(this.engine, this.source),
      (error) => this.#fail(error),
    )
  }

  /** A failure of the server is logged, whatever its callers do with it. */
  async #fail(error: unknown): Promise<never> {
    this.engine.logFailure(error)
    throw error
  }
}

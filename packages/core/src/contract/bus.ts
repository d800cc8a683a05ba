/**
 * Carries messages between the instances that serve the same sessions: what makes a sign-out take effect in another instance at once, live
 * sessions included. It carries texts that mean nothing to it: sealed with the app's secret, so that a reader of the channel learns
 * nothing, and a writer can forge nothing. It may lose messages, deliver them twice, or in another order.
 *
 * A bus can fail no request: an instance gets its own events without it, nothing waits for it, and what it throws or rejects with is logged.
 */
export interface SessionBus {
  /**
   * Hands a message to the listeners of all instances; whether this one's own are among them doesn't matter. Usually some hundred
   * characters long; a change of a session with large claims has up to 40,000.
   *
   * @returns anything; what a promise rejects with is logged
   */
  readonly publish: (message: string) => unknown
  /**
   * Called once for an engine, when it is made.
   *
   * @returns a function that stops listening, at once or later
   */
  readonly subscribe: (listener: (message: string) => void) => Unsubscribe | Promise<Unsubscribe>
  /**
   * Called by `auth.close()`, after this engine has stopped listening: ends connections and timers. Leave it out if several engines share
   * the bus, and close it yourself.
   */
  readonly close?: () => unknown
}

/** Stops listening. What it rejects with is logged. */
export type Unsubscribe = () => unknown

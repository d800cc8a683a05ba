/**
 * Carries messages between the instances that serve the same sessions: what makes a sign-out take effect in another instance at once, live
 * sessions included. It carries texts that mean nothing to it: sealed with the app's secret, so that a reader of the channel learns
 * nothing, and a writer can forge nothing. It may deliver messages twice, or in another order. If it may have lost some, it says so to the
 * {@link BusConnection}: until then an instance relies on having heard of every end.
 *
 * A bus can fail no request: an instance gets its own events without it, nothing waits for it, and what it throws or rejects with is logged.
 */
export interface SessionBus {
  /**
   * Hands a message to the listeners of all instances; whether this one's own are among them doesn't matter. Usually some hundred
   * characters long; a change of a session with large claims has up to 40,000. A bus that is cut off for a short while should keep what it
   * is given and send it afterwards.
   *
   * @returns anything; what a promise rejects with is logged
   */
  readonly publish: (message: string) => unknown
  /**
   * Called once for an engine, when it is made.
   *
   * @param connection is told when messages may be lost, and when they arrive again. A bus that tells nothing counts as connected from the
   * moment on at which `subscribe` is done
   * @returns a function that stops listening, at once or later
   */
  readonly subscribe: (
    listener: (message: string) => void,
    connection: BusConnection,
  ) => Unsubscribe | Promise<Unsubscribe>
  /**
   * Called by `auth.close()`, after this engine has stopped listening: ends connections and timers. Leave it out if several engines share
   * the bus, and close it yourself.
   */
  readonly close?: () => unknown
}

/**
 * What a bus says of its connection. While it is lost, and for tokens that are older than what was delivered, an engine asks their rows instead
 * of relying on what it has heard.
 */
export interface BusConnection {
  /** Messages may be lost from now on. Once is enough; again changes nothing. */
  readonly lost: () => void
  /**
   * Messages arrive, for the first time or again.
   *
   * @param delivered how much of the past was delivered too, in milliseconds: everything that was sent since then has reached the listener.
   * A bus that can't read what it has missed leaves it out. @default 0
   */
  readonly connected: (delivered?: number) => void
}

/** Stops listening. What it rejects with is logged. */
export type Unsubscribe = () => unknown

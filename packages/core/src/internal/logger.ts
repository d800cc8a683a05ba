/** Receives messages for operators. `console` is one. */
export interface Logger {
  /** Something failed: a store, a callback, a bus. */
  readonly error: (message: string, cause?: unknown) => void
  /** Something works, but is probably a mistake. */
  readonly warn: (message: string, cause?: unknown) => void
}

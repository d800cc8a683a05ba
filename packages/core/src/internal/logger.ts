/** Takes what operators should read. `console` is one. */
export interface Logger {
  /** Something failed: a store, a callback, a bus. */
  readonly error: (message: string, cause?: unknown) => void
  /** Something works and is probably not meant so. */
  readonly warn: (message: string, cause?: unknown) => void
}

export interface Logger {
  readonly error: (message: string, cause?: unknown) => void
  readonly warn: (message: string, cause?: unknown) => void
}

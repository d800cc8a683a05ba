import { isAuthError } from '../errors.ts'

/** The cause of an `AdapterError` if the store has not responded in time. What it was asked for may still be done. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    super(`no answer within ${timeout} ms`)
  }
}

/** Whether it is unknown if a call to the store took effect. */
export function isUnanswered(error: unknown): boolean {
  return isAuthError(error) && error.cause instanceof NoAnswer
}

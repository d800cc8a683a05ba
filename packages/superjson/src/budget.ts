import { refusal } from './errors.ts'

/** Counts the work that one input makes of superjson. A step is about a microsecond. */
export interface Budget {
  /** @throws {AuthError} `InvalidInput` if nothing is left to spend */
  readonly spend: (steps: number) => void
}

export function createBudget(maxSteps: number): Budget {
  let left = maxSteps
  return {
    spend: (steps) => {
      left -= steps
      // Not `left < 0`, which NaN would get past.
      if (!(left >= 0))
        throw refusal(`it makes more than ${maxSteps} steps: raise maxSteps if your own clients send it`)
    },
  }
}

import { readErrorKind } from '../error-kind.ts'
import type { StepUpRequest } from '../types.ts'

/** Whether the person has shown what an operation was refused for, so that it may be sent once more. */
export type HasSteppedUp = (error: unknown) => Promise<boolean>

/**
 * To be called when an operation is sent.
 *
 * @param mayWait whether it may wait for a step-up that is under way by then. Calls of the auth router must not: with them the person shows what is missing
 */
export type BeginStepUp = (mayWait: boolean) => HasSteppedUp

/** Asks the person once for any number of operations that are refused at the same time. */
export function createStepUp(ask: (request: StepUpRequest) => boolean | Promise<boolean>): BeginStepUp {
  let asking: Promise<boolean> | undefined
  return (mayWait) => {
    let mayAsk = mayWait || !asking
    return async (failure) => {
      if (!mayAsk || readErrorKind(failure) !== 'StepUpRequired') return false
      mayAsk = false
      const { data } = failure as { readonly data: StepUpRequest } // it has this kind
      // Not at once: a call that `ask` makes must find that the person is being asked.
      asking ??= Promise.resolve(data)
        .then(ask)
        .finally(() => (asking = undefined))
      return asking
    }
  }
}

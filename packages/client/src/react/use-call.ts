import { useCallback, useState } from 'react'

/** The state of a call that a component makes. */
export interface CallState {
  /** Whether the call is being made. */
  readonly isPending: boolean
  /** What the last call failed with, or null. `readErrorKind` reads the kind. */
  readonly error: unknown
}

/** Keeps the state of a call in a component. What the call throws is kept in `error`, and thrown. */
export function useCall<TInput, TOutput>(
  call: (input: TInput) => Promise<TOutput>,
): CallState & { readonly run: (input: TInput) => Promise<TOutput> } {
  const [state, setState] = useState<CallState>({ isPending: false, error: null })
  const run = useCallback(
    async (input: TInput) => {
      setState({ isPending: true, error: null })
      try {
        const output = await call(input)
        setState({ isPending: false, error: null })
        return output
      } catch (error) {
        setState({ isPending: false, error })
        throw error
      }
    },
    [call],
  )
  return { ...state, run }
}

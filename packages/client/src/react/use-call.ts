import { useCallback, useState } from 'react'

/** How a call that a component makes stands. */
export interface CallState {
  readonly isPending: boolean
  /** What the last one failed with, or null. */
  readonly error: unknown
}

/** Makes a call's state a component's. What the call throws is kept and thrown on. */
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

import { describeError } from '../text/errors.ts'

/** Holds the place of what is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what} …</span>
      <span className="bone" />
      <span className="bone" />
      <span className="bone" />
    </div>
  )
}

export function Empty({ children }: { readonly children: string }) {
  return <p className="empty">{children}</p>
}

export interface FailureProps {
  readonly error: unknown
  readonly retry: () => unknown
}

export function Failure({ error, retry }: FailureProps) {
  const tryAgain = () => {
    // The button is about to go: what comes in its place is read from there.
    document.getElementById('content')?.focus()
    void retry()
  }
  return (
    <div className="notice notice-bad" role="alert">
      <p>{describeError(error)}</p>
      <button type="button" onClick={tryAgain}>
        Try again
      </button>
    </div>
  )
}

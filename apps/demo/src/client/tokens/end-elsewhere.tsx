import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { describeError } from '../text/errors.ts'
import { client as cookieClient } from '../trpc.ts'
import { startWaiting } from './ending.ts'

/** Ends the token session through the cookie's, as another device would, and waits for the end to arrive. */
export function EndElsewhere({ sessionId }: { readonly sessionId: string }) {
  const id = useId()
  const end = useMutation({
    mutationFn: () => {
      startWaiting()
      return cookieClient.auth.sessions.revoke.mutate({ id: sessionId })
    },
  })
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id}>Ended elsewhere</h2>
      <p className="muted">
        Your cookie’s session ends this one, as you could from another device on the page Sessions. The stream tells
        this tab, which asks nothing meanwhile.
      </p>
      <button type="button" aria-busy={end.isPending} onClick={() => end.mutate()}>
        End it from the other session
      </button>
      <div role="alert">{end.error && <p className="notice notice-bad">{describeError(end.error)}</p>}</div>
    </section>
  )
}

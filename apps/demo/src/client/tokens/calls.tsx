import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { describeError } from '../text/errors.ts'
import { client } from './client.ts'
import { readRefreshes } from './refreshes.ts'
import { type StreamState, useStream } from './stream.ts'

export interface CallsProps {
  readonly isLive: boolean
  readonly setLive: (isLive: boolean) => void
}

const STREAM: Readonly<Record<StreamState, string | null>> = {
  open: null,
  lost: 'The stream is interrupted. This page tries to connect again by itself.',
}

/** Many calls at once, with an access token that may have expired. */
export function Calls({ isLive, setLive }: CallsProps) {
  const id = useId()
  const stream = useStream()
  const calls = useMutation({ mutationFn: callTwenty })
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id}>One refresh for many calls</h2>
      <p className="muted">
        A stream tells this tab of changes, and is renewed when the token ends. Turn it off, wait until the token has
        expired, then call: in both tabs at once, if you like.
      </p>
      <label className="check">
        <input type="checkbox" checked={isLive} onChange={(event) => setLive(event.target.checked)} />
        Be told of changes
      </label>
      <p role="status" className={stream === 'open' ? undefined : 'notice'}>
        {isLive && STREAM[stream]}
      </p>
      <button type="button" className="button-primary" aria-busy={calls.isPending} onClick={() => calls.mutate()}>
        20 calls at once
      </button>
      <p role="status" className={calls.data ? 'notice' : undefined}>
        {calls.data && describeCalls(calls.data)}
      </p>
      <div role="alert">{calls.error && <p className="notice notice-bad">{describeError(calls.error)}</p>}</div>
    </section>
  )
}

interface Outcome {
  readonly answered: number
  readonly refreshes: number
}

async function callTwenty(): Promise<Outcome> {
  const before = readRefreshes().count
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.whoami.query()))
  return { answered: answers.length, refreshes: readRefreshes().count - before }
}

function describeCalls({ answered, refreshes }: Outcome): string {
  const times = ['no refresh', 'one refresh'][refreshes] ?? `${refreshes} refreshes`
  return `${answered} of 20 calls were answered, with ${times} by this tab.`
}

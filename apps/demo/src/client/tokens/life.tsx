import type { Tokens } from '@latchkey/client'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import { describeError } from '../text/errors.ts'
import { Time } from '../text/time.tsx'
import { useFocusIfLost } from '../ui/use-focus-if-lost.ts'
import { client } from './client.ts'
import { useRefreshes } from './refreshes.ts'
import { useNow } from './use-tokens.ts'

/** The access token's life, running down. */
export function Life({ tokens, isEnded }: { readonly tokens: Tokens; readonly isEnded: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useFocusIfLost(heading)
  const end = useMutation({ mutationFn: () => client.auth.signOut.mutate() })
  const refreshes = useRefreshes()
  const left = Math.max(0, tokens.expires - useNow())
  return (
    <section className="card panel" aria-labelledby="life">
      <h2 id="life" ref={heading} tabIndex={-1}>
        The access token
      </h2>
      <progress className="life" max={tokens.lifetime} value={left} aria-label="What is left of the access token" />
      <p className="life-text">{describeLeft(left, isEnded)}</p>
      <dl className="facts">
        <Fact name="Session">
          <code>{tokens.sessionId.slice(0, 8)}</code>
        </Fact>
        <Fact name="Access token">
          <code data-testid="access-token">…{tokens.accessToken.slice(-8)}</code>
        </Fact>
        <Fact name="Refreshes by this tab">
          <span data-testid="refreshes">{refreshes.count}</span>
        </Fact>
        <Fact name="Last one">{refreshes.last ? <Time at={refreshes.last} /> : 'None yet'}</Fact>
      </dl>
      <button type="button" className="button-quiet" aria-busy={end.isPending} onClick={() => end.mutate()}>
        End the token session
      </button>
      <div role="alert">{end.error && <p className="notice notice-bad">It goes on. {describeError(end.error)}</p>}</div>
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function describeLeft(left: number, isEnded: boolean): string {
  if (isEnded) return 'The session is over.'
  if (left === 0) return 'It has expired. The next call refreshes it.'
  return `${Math.ceil(left / 1_000)} s left`
}

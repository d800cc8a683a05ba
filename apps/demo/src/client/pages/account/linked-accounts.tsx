import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { describeError } from '../../text/errors.ts'
import { client, trpc } from '../../trpc.ts'
import { Section } from './section.tsx'
import { useWays } from './ways.ts'

/** Accounts at other services, with which one can sign in here. */
export function LinkedAccounts() {
  const { accounts, refresh } = useWays()
  const [done, setDone] = useState('')
  const link = useMutation({
    mutationFn: () => client.auth.oauth.link.mutate({ provider: 'demo-id', redirectTo: '/account' }),
    onSuccess: ({ url }) => location.assign(url),
  })
  const unlink = useMutation(trpc.auth.accounts.unlink.mutationOptions({ onSettled: refresh }))
  const error = link.error ?? unlink.error
  return (
    <Section title="Demo ID" intro="Sign in here with your account there." done={done}>
      {accounts.map(({ id, provider, email }) => (
        <p key={id} className="row">
          <span>Linked to {email ?? provider}</span>
          <button
            type="button"
            onClick={() => unlink.mutate({ id }, { onSuccess: () => setDone('It is no longer linked.') })}
          >
            Unlink
          </button>
        </p>
      ))}
      {accounts.length === 0 && (
        <button type="button" aria-busy={link.isPending} onClick={() => link.mutate()}>
          Link it
        </button>
      )}
      <div role="alert">{error && <p className="notice notice-bad">{describeError(error)}</p>}</div>
    </Section>
  )
}

import { useState } from 'react'
import { readErrorData } from '../../text/errors.ts'
import { client } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import type { Problems } from '../../ui/problems.ts'
import { explainNewPassword, PASSWORD_HINT } from '../sign-in/new-password.ts'
import { useWays } from './ways.ts'
import { Section } from './section.tsx'

export function Password({ email }: { readonly email: string }) {
  const { hasPassword, refresh } = useWays()
  const [done, setDone] = useState('')
  const submit = async ({ current = '', next = '' }: Values) => {
    if (hasPassword) await client.auth.password.change.mutate({ current, next })
    else await client.auth.password.set.mutate({ password: next })
    setDone(
      hasPassword ? 'Your password is changed, and you are signed out everywhere else.' : 'You have a password now.',
    )
    await refresh()
  }
  return (
    <Section
      title="Password"
      intro={hasPassword ? 'Changing it signs you out everywhere else.' : 'You sign in without one.'}
      done={done}
    >
      <Form
        key={done}
        action={hasPassword ? 'Change it' : 'Set it'}
        busy="Saving …"
        isMain={false}
        submit={submit}
        explain={explain}
      >
        {/* For password managers: whose password this is. */}
        <input className="visually-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        {hasPassword && (
          <Field label="Current password" name="current" type="password" autoComplete="current-password" />
        )}
        <Field label="New password" name="next" type="password" autoComplete="new-password" hint={PASSWORD_HINT} />
      </Form>
    </Section>
  )
}

function explain(error: unknown): Problems {
  if (readErrorData(error)?.kind === 'CredentialsSignin') return { current: 'That is not your password.' }
  const { password, form } = explainNewPassword(error)
  return { next: password, form }
}

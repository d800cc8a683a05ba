import { useId, useRef, useSyncExternalStore } from 'react'
import { describeError } from '../text/errors.ts'
import { Field } from '../ui/field.tsx'
import { Form, type Values } from '../ui/form.tsx'
import { useFocusIfLost } from '../ui/use-focus-if-lost.ts'
import { client } from './client.ts'
import { readEnding, subscribeToEnding } from './ending.ts'

/** Begins the token session: the same `signIn`, which the link asks for tokens instead of a cookie. */
export function Start({ email }: { readonly email: string }) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useFocusIfLost(heading)
  const ending = useSyncExternalStore(subscribeToEnding, readEnding)
  const submit = ({ password = '' }: Values) => client.auth.signIn.mutate({ provider: 'password', email, password })
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        Begin a token session
      </h2>
      <p role="status" className={ending ? 'notice' : undefined}>
        {ending}
      </p>
      <p className="muted">
        Signed in once more as {email}, with <code>flow: &apos;token&apos;</code>.
      </p>
      <Form
        action="Begin"
        busy="Signing in …"
        submit={submit}
        explain={(error) => ({ password: describeError(error) })}
      >
        {/* For password managers: whose password this is. */}
        <input className="visually-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        <Field label="Password" name="password" type="password" autoComplete="current-password" />
      </Form>
    </section>
  )
}

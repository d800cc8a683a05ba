import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useSyncExternalStore } from 'react'
import { describeError } from '../text/errors.ts'
import { Field } from '../ui/field.tsx'
import { useFocusIfLost } from '../ui/use-focus-if-lost.ts'
import { client } from './client.ts'
import { readEnding, subscribeToEnding } from './ending.ts'

/** Begins the token session: the same `signIn`, which the link asks for tokens instead of a cookie. */
export function Start({ email }: { readonly email: string }) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useFocusIfLost(heading)
  const ending = useSyncExternalStore(subscribeToEnding, readEnding)
  const signIn = useMutation({
    mutationFn: (password: string) => client.auth.signIn.mutate({ provider: 'credentials', email, password }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const password = new FormData(form).get('password')
    if (signIn.isPending || typeof password !== 'string') return
    signIn.mutate(password, { onError: () => form.querySelector<HTMLInputElement>('[name="password"]')?.focus() })
  }
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
      <form className="row" onSubmit={submit}>
        {/* For password managers: whose password this is. */}
        <input className="visually-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          problem={signIn.error ? describeError(signIn.error) : undefined}
        />
        <button type="submit" className="button-primary" aria-busy={signIn.isPending}>
          Begin
        </button>
      </form>
    </section>
  )
}

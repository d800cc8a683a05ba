import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useSyncExternalStore } from 'react'
import { describeError } from '../text/errors.ts'
import { client } from './client.ts'
import { readEnding, subscribeToEnding } from './ending.ts'

/** Begins the token session: the same `signIn`, which the link asks for tokens instead of a cookie. */
export function Start({ email }: { readonly email: string }) {
  const id = useId()
  const ending = useSyncExternalStore(subscribeToEnding, readEnding)
  const signIn = useMutation({
    mutationFn: (password: string) => client.auth.signIn.mutate({ provider: 'credentials', email, password }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = new FormData(event.currentTarget).get('password')
    if (!signIn.isPending && typeof password === 'string') signIn.mutate(password)
  }
  return (
    <section className="card panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Begin a token session</h2>
      <p role="status" className={ending ? 'notice' : undefined}>
        {ending}
      </p>
      <p className="muted">
        Signed in once more as {email}, with <code>flow: &apos;token&apos;</code>.
      </p>
      <form className="row" onSubmit={submit}>
        {/* For password managers: whose password this is. */}
        <input className="visually-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        <label htmlFor={id}>Password</label>
        <input id={id} name="password" type="password" autoComplete="current-password" required />
        <button type="submit" className="button-primary" aria-busy={signIn.isPending}>
          Begin
        </button>
      </form>
      <div role="alert">{signIn.error && <p className="notice notice-bad">{describeError(signIn.error)}</p>}</div>
    </section>
  )
}

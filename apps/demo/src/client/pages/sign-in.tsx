import { type FormEvent, useId } from 'react'
import { say, useNotice } from '../notice.ts'
import { useSignIn } from '../trpc.ts'
import { describeError } from '../text/errors.ts'
import { Page } from '../ui/page.tsx'

export function SignInPage() {
  const id = useId()
  const notice = useNotice()
  const { signIn, isPending, error: failure } = useSignIn()
  const enter = async (form: FormData) => {
    await signIn({ provider: 'credentials', email: read(form, 'email'), password: read(form, 'password') })
    say(null)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    // What fails is shown below.
    if (!isPending) enter(new FormData(event.currentTarget)).catch(() => {})
  }
  const error = failure ? describeError(failure) : null
  return (
    <Page title="Sign in">
      <div className="sign-in card">
        {notice && !error && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        <form onSubmit={submit} noValidate aria-describedby={error ? `${id}-error` : undefined}>
          <label htmlFor={`${id}-email`}>E-mail</label>
          <input
            id={`${id}-email`}
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            aria-invalid={error ? true : undefined}
          />
          <label htmlFor={`${id}-password`}>Password</label>
          <input
            id={`${id}-password`}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            aria-invalid={error ? true : undefined}
          />
          {/* Always there, so that screen readers hear what appears in it. */}
          <div role="alert" id={`${id}-error`}>
            {error && <p className="notice notice-bad">{error}</p>}
          </div>
          <button type="submit" className="button-primary" aria-busy={isPending}>
            {isPending ? 'Signing in …' : 'Sign in'}
          </button>
        </form>
        <p className="hint">The terminal that started the demo shows who can sign in.</p>
      </div>
    </Page>
  )
}

function read(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

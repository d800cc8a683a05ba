import { type FormEvent, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { say, useNotice } from '../notice.ts'
import { useSignIn } from '../trpc.ts'
import { describeError, readErrorData } from '../text/errors.ts'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'

/** What is wrong, by the field that fixes it. */
interface Problems {
  readonly email?: string
  readonly password?: string
  /** What no field can fix. */
  readonly form?: string
}

export function SignInPage() {
  const id = useId()
  const notice = useNotice()
  const { signIn, isPending } = useSignIn()
  const [problems, setProblems] = useState<Problems>({})
  const submit = async (form: HTMLFormElement) => {
    const input = readInput(form)
    const found = checkInput(input)
    if (found) return show(form, found)
    setProblems({})
    try {
      await signIn({ provider: 'credentials', ...input })
      say(null)
    } catch (error) {
      show(form, describeProblems(error))
    }
  }
  /** Shows what is wrong, and moves the focus to the field that fixes it. */
  const show = (form: HTMLFormElement, next: Problems) => {
    flushSync(() => setProblems(next))
    form.querySelector<HTMLInputElement>('[aria-invalid]')?.focus()
  }
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!isPending) void submit(event.currentTarget)
  }
  const isClean = Object.keys(problems).length === 0
  return (
    <Page title="Sign in">
      <div className="sign-in card">
        {notice && isClean && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        <form onSubmit={start} noValidate>
          <Field label="E-mail" name="email" type="email" autoComplete="username" autoFocus problem={problems.email} />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            problem={problems.password}
          />
          {/* Always there, so that screen readers hear what appears in it. */}
          <div role="alert" id={`${id}-error`}>
            {problems.form && <p className="notice notice-bad">{problems.form}</p>}
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

function readInput(form: HTMLFormElement) {
  const data = new FormData(form)
  const read = (name: string) => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  return { email: read('email'), password: read('password') }
}

/** What can be seen without asking the server. */
function checkInput({ email, password }: ReturnType<typeof readInput>): Problems | null {
  const problems: Problems = {
    ...(!/^\S+@\S+\.\S+$/.test(email) && { email: 'Write your whole e-mail address, such as ada@example.com.' }),
    ...(password === '' && { password: 'Write your password.' }),
  }
  return Object.keys(problems).length > 0 ? problems : null
}

function describeProblems(error: unknown): Problems {
  const sentence = describeError(error)
  // The page never says which of the two is wrong: the password is what one types again.
  return readErrorData(error)?.kind === 'CredentialsSignin' ? { password: sentence } : { form: sentence }
}

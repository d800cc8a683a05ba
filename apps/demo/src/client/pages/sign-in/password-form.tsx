import { say } from '../../notice.ts'
import { describeError, readErrorData } from '../../text/errors.ts'
import { useSignIn } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import type { Problems } from '../../ui/problems.ts'
import type { Challenge } from './second-step.tsx'

export interface WayProps {
  /** Shows the second step of a sign-in. */
  readonly challenge: (challenge: Challenge) => void
}

export function PasswordForm({ challenge }: WayProps) {
  const { signIn } = useSignIn()
  const submit = async ({ email = '', password = '' }: Values) => {
    const result = await signIn({ provider: 'password', email, password })
    if (result.status === 'challenge') challenge(result)
    else say(null)
  }
  return (
    <Form action="Sign in" busy="Signing in …" check={checkInput} submit={submit} explain={explain}>
      <Field label="E-mail" name="email" type="email" autoComplete="username webauthn" autoFocus />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
    </Form>
  )
}

/** What can be seen without asking the server. */
function checkInput({ email = '', password }: Values): Problems {
  return {
    email: checkEmail(email),
    password: password === '' ? 'Write your password.' : undefined,
  }
}

export function checkEmail(email: string): string | undefined {
  return /^\S+@\S+\.\S+$/.test(email) ? undefined : 'Write your whole e-mail address, such as ada@example.com.'
}

/** The page never says which of the two is wrong: the password is what one types again. */
function explain(error: unknown): Problems {
  const sentence = describeError(error)
  return readErrorData(error)?.kind === 'CredentialsSignin' ? { password: sentence } : { form: sentence }
}

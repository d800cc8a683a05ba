import { useState } from 'react'
import { goTo, Link, readAddress } from '../../navigation.tsx'
import { say } from '../../notice.ts'
import { describeError, readErrorData } from '../../text/errors.ts'
import { client } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import { Page } from '../../ui/page.tsx'
import type { Problems } from '../../ui/problems.ts'
import { explainNewPassword, PASSWORD_HINT } from './new-password.ts'
import { checkEmail } from './password-form.tsx'
import { type Challenge, SecondStep } from './second-step.tsx'

// Pages that mails lead to. Opening one does nothing by itself: programs that scan mails follow links, too.

export function VerifyEmailPage() {
  const [asksPassword, setAsksPassword] = useState(false)
  const submit = async ({ password }: Values) => {
    const token = readAddress('token') ?? ''
    try {
      await client.auth.password.verifyEmail.mutate({ token, ...(password && { password }) })
    } catch (error) {
      // The link was opened in another browser: whoever reads the mail may not be who chose the password.
      if (readErrorData(error)?.kind !== 'PasswordRequired') throw error
      return setAsksPassword(true)
    }
    say(null)
    goTo('/')
  }
  return (
    <Page title="Your address">
      <div className="sign-in card">
        <p>
          {asksPassword
            ? 'This isn’t the browser in which you chose your password. Write it once more.'
            : 'One click and your account is there.'}
        </p>
        <Form action="This is my address" busy="Creating your account …" submit={submit} explain={explainVerification}>
          {asksPassword && (
            <Field label="Password" name="password" type="password" autoComplete="current-password" autoFocus />
          )}
        </Form>
      </div>
    </Page>
  )
}

function explainVerification(error: unknown): Problems {
  const kind = readErrorData(error)?.kind
  if (kind === 'CredentialsSignin') return { password: 'That is not the password that was chosen.' }
  if (kind === 'InvalidToken') return { form: 'This link has expired, or was used. Create your account again.' }
  return { form: describeError(error) }
}

export function ForgotPasswordPage() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submit = async ({ email = '' }: Values) => {
    await client.auth.password.forgot.mutate({ email })
    setSentTo(email)
  }
  return (
    <Page title="Forgot your password?">
      <div className="sign-in card">
        {sentTo === null ? (
          <Form
            action="Send a link"
            busy="Sending …"
            check={({ email = '' }) => ({ email: checkEmail(email) })}
            submit={submit}
          >
            <Field label="E-mail" name="email" type="email" autoComplete="username" autoFocus />
          </Form>
        ) : (
          <p className="notice" role="status">
            If {sentTo} has an account, a link to choose another password is on its way.
          </p>
        )}
        <p className="links">
          <Link href="/">Back</Link>
          <Link href="/mailbox">Open the mailbox</Link>
        </p>
      </div>
    </Page>
  )
}

export function ResetPasswordPage() {
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  const submit = async ({ password = '' }: Values) => {
    const result = await client.auth.password.reset.mutate({ token: readAddress('token') ?? '', password })
    if (result.status === 'challenge') return setChallenge(result)
    say(null)
    goTo('/')
  }
  if (challenge) return <SecondStep challenge={challenge} leave={() => goTo('/')} />
  return (
    <Page title="Choose another password">
      <div className="sign-in card">
        <Form action="Change it" busy="Changing it …" submit={submit} explain={explainReset}>
          <Field
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint={PASSWORD_HINT}
            autoFocus
          />
        </Form>
      </div>
    </Page>
  )
}

function explainReset(error: unknown): Problems {
  if (readErrorData(error)?.kind === 'InvalidToken')
    return { form: 'This link has expired, or was used. Ask for another one.' }
  return explainNewPassword(error)
}

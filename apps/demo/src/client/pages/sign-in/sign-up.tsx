import { useState } from 'react'
import { Link } from '../../navigation.tsx'
import { client } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import { Page } from '../../ui/page.tsx'
import { checkEmail } from './password-form.tsx'
import { explainNewPassword, PASSWORD_HINT } from './new-password.ts'

export function SignUpPage() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submit = async ({ name = '', email = '', password = '' }: Values) => {
    await client.auth.password.signUp.mutate({ name, email, password })
    setSentTo(email)
  }
  return (
    <Page title="Create an account">
      <div className="sign-in card">
        {sentTo === null ? (
          <Form
            action="Create it"
            busy="Creating it …"
            check={({ email = '' }) => ({ email: checkEmail(email) })}
            submit={submit}
            explain={explainNewPassword}
          >
            <Field label="Name" name="name" autoComplete="name" autoFocus />
            <Field label="E-mail" name="email" type="email" autoComplete="username" />
            <Field label="Password" name="password" type="password" autoComplete="new-password" hint={PASSWORD_HINT} />
          </Form>
        ) : (
          <p className="notice" role="status">
            A mail is on its way to {sentTo}. Follow its link to finish.
          </p>
        )}
        <p className="links">
          <Link href="/">I have an account</Link>
          <Link href="/mailbox">Open the mailbox</Link>
        </p>
      </div>
    </Page>
  )
}

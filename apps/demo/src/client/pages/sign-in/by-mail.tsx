import { useState } from 'react'
import { say } from '../../notice.ts'
import { describeError, readErrorData } from '../../text/errors.ts'
import { useSignIn } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import type { Problems } from '../../ui/problems.ts'
import { checkEmail, type WayProps } from './password-form.tsx'

/** A code to type in here, or a link to follow. */
export function ByMail({ challenge }: WayProps) {
  const { signIn } = useSignIn()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [isLink, setLink] = useState(false)
  const send = async ({ email = '', by }: Values) => {
    if (by === 'link') await signIn({ provider: 'magic-link', email, redirectTo: '/' })
    else await signIn({ provider: 'email-code', email })
    setLink(by === 'link')
    setSentTo(email)
  }
  const enter = async ({ code = '' }: Values) => {
    const result = await signIn({ provider: 'email-code', email: sentTo ?? '', code: code.replaceAll(/\s/g, '') })
    if (result.status === 'challenge') challenge(result)
    else say(null)
  }
  if (sentTo !== null && isLink)
    return (
      <p className="notice" role="status">
        If {sentTo} can sign in here, a link is on its way. Open it in this browser.
      </p>
    )
  if (sentTo !== null)
    return (
      <Form action="Sign in with the code" busy="Signing in …" submit={enter} explain={explainCode}>
        <p className="notice" role="status">
          If {sentTo} can sign in here, a code is on its way. It works for ten minutes.
        </p>
        <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" autoFocus />
      </Form>
    )
  return (
    <Form
      action="Send it"
      busy="Sending …"
      check={({ email = '' }) => ({ email: checkEmail(email) })}
      submit={send}
      isMain={false}
    >
      <Field label="Your address" name="email" type="email" autoComplete="email" autoFocus />
      <fieldset className="choice">
        <legend>Send me</legend>
        <label>
          <input type="radio" name="by" value="code" defaultChecked /> a code
        </label>
        <label>
          <input type="radio" name="by" value="link" /> a link
        </label>
      </fieldset>
    </Form>
  )
}

function explainCode(error: unknown): Problems {
  if (readErrorData(error)?.kind === 'CredentialsSignin') return { code: 'That is not the code, or it has expired.' }
  return { form: describeError(error) }
}

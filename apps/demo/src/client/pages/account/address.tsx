import { useState } from 'react'
import { describeError, readErrorData } from '../../text/errors.ts'
import { client, useSession } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import type { Problems } from '../../ui/problems.ts'
import { checkEmail } from '../sign-in/password-form.tsx'
import { Section } from './section.tsx'

/** Changes the address: a code goes to the new one, a notice to the old one. */
export function Address({ email }: { readonly email: string }) {
  const { reload } = useSession()
  const [next, setNext] = useState<string | null>(null)
  const [done, setDone] = useState('')
  const ask = async ({ email: wanted = '' }: Values) => {
    await client.auth.account.changeEmail.mutate({ email: wanted })
    setDone('')
    setNext(wanted)
  }
  const confirm = async ({ code = '' }: Values) => {
    await client.auth.account.confirmEmail.mutate({ code: code.replaceAll(/\s/g, '') })
    setDone(`Your address is ${next} now.`)
    setNext(null)
    await reload()
  }
  return (
    <Section title="E-mail" intro={email} done={done}>
      {next === null ? (
        <Form
          action="Change it"
          busy="Sending a code …"
          isMain={false}
          check={({ email: wanted = '' }) => ({ email: checkEmail(wanted) })}
          submit={ask}
        >
          <Field label="New address" name="email" type="email" autoComplete="email" />
        </Form>
      ) : (
        <Form action="Confirm" busy="Confirming …" submit={confirm} explain={explain}>
          <Field
            label={`Code that was sent to ${next}`}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
          />
        </Form>
      )}
    </Section>
  )
}

function explain(error: unknown): Problems {
  if (readErrorData(error)?.kind === 'CredentialsSignin') return { code: 'That is not the code, or it has expired.' }
  return { form: describeError(error) }
}

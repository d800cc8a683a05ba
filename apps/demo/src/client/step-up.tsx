import { signInWithPasskey } from '@latchkey/passkey/client'
import { useEffect, useRef, useState } from 'react'
import { answer, useQuestion } from './ask-for-more.ts'
import { type Challenge, SecondStepForm } from './pages/sign-in/second-step.tsx'
import { describeError, readErrorData } from './text/errors.ts'
import { client } from './trpc.ts'
import { Field } from './ui/field.tsx'
import { Form, type Values } from './ui/form.tsx'

/** The dialog that asks. It stands once in the app. */
export function StepUp({ email }: { readonly email: string }) {
  const question = useQuestion()
  const isAsked = question !== null
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isAsked) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isAsked])
  return (
    <dialog ref={dialog} className="card" aria-labelledby="step-up-title" onClose={() => answer(false)}>
      <h2 id="step-up-title">Is it you?</h2>
      {question && (question.factor === 'mfa' ? <Code /> : <Again email={email} />)}
    </dialog>
  )
}

/** The second factor, in a session that began without it. */
function Code() {
  const submit = async ({ code = '' }: Values) => {
    await client.auth.totp.stepUp.mutate({ code: code.trim() })
    answer(true)
  }
  return (
    <>
      <p className="muted">This asks for your second factor, too.</p>
      <Form action="Go on" busy="Checking …" submit={submit} explain={explainCode}>
        <Field label="Code of your authenticator app" name="code" autoComplete="one-time-code" autoFocus />
      </Form>
      <div className="actions">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
      </div>
    </>
  )
}

function Again({ email }: { readonly email: string }) {
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const finish = (result: { readonly status: string }) => {
    if (result.status === 'challenge') setChallenge(result as Challenge & typeof result)
    else answer(true)
  }
  const byPassword = async ({ password = '' }: Values) =>
    finish(await client.auth.signIn.mutate({ provider: 'password', email, password }))
  const byPasskey = async () => {
    setProblem(null)
    await signInWithPasskey(client.auth).then(finish, (error: unknown) => setProblem(describeError(error)))
  }
  if (challenge) return <SecondStepForm challenge={challenge.challenge} done={() => answer(true)} />
  return (
    <>
      <p className="muted">You signed in a while ago. Sign in again, and it goes on.</p>
      <Form action="Go on" busy="Signing in …" submit={byPassword} explain={explain}>
        <input className="visually-hidden" type="email" autoComplete="username" value={email} readOnly hidden />
        <Field label="Password" name="password" type="password" autoComplete="current-password" autoFocus />
      </Form>
      <div className="actions">
        <button type="button" onClick={() => void byPasskey()}>
          Use a passkey
        </button>
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
      </div>
      <div role="alert">{problem && <p className="notice notice-bad">{problem}</p>}</div>
    </>
  )
}

function explain(error: unknown) {
  const sentence = describeError(error)
  return readErrorData(error)?.kind === 'CredentialsSignin' ? { password: sentence } : { form: sentence }
}

function explainCode(error: unknown) {
  if (readErrorData(error)?.kind === 'CredentialsSignin')
    return { code: 'That is not the code. Wait for the next one.' }
  return { form: describeError(error) }
}

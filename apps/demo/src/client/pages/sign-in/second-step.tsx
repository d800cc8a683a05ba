import { useState } from 'react'
import { say } from '../../notice.ts'
import { describeError, readErrorData } from '../../text/errors.ts'
import { client } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import { Page } from '../../ui/page.tsx'
import type { Problems } from '../../ui/problems.ts'

/** A sign-in that waits for its second step. */
export interface Challenge {
  readonly challenge: string
  readonly factors: readonly string[]
}

export interface SecondStepProps {
  readonly challenge: Challenge
  /** Back to the first step. */
  readonly leave: () => void
}

export function SecondStep({ challenge: { challenge }, leave }: SecondStepProps) {
  return (
    <Page title="One more step">
      <div className="sign-in card">
        <SecondStepForm challenge={challenge} done={() => say(null)} />
        <p className="links">
          <button type="button" className="button-link" onClick={leave}>
            Begin again
          </button>
        </p>
      </div>
    </Page>
  )
}

export interface SecondStepFormProps {
  readonly challenge: string
  readonly done: () => void
}

export function SecondStepForm({ challenge, done }: SecondStepFormProps) {
  const [isBackup, setBackup] = useState(false)
  const submit = async ({ code = '', remember }: Values) => {
    if (isBackup) await client.auth.totp.useBackupCode.mutate({ challenge, code: code.trim() })
    else
      await client.auth.totp.verify.mutate({ challenge, code: code.replaceAll(/\s/g, ''), remember: remember === 'on' })
    done()
  }
  return (
    <>
      <Form key={String(isBackup)} action="Go on" busy="Checking …" submit={submit} explain={explain}>
        {isBackup ? (
          <Field label="Backup code" name="code" autoComplete="off" autoFocus />
        ) : (
          <>
            <Field
              label="Code of your authenticator app"
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
            />
            <label className="check">
              <input type="checkbox" name="remember" /> Don’t ask on this device for 30 days
            </label>
          </>
        )}
      </Form>
      <p className="links">
        <button type="button" className="button-link" onClick={() => setBackup(!isBackup)}>
          {isBackup ? 'Use the authenticator app' : 'Use a backup code'}
        </button>
      </p>
    </>
  )
}

function explain(error: unknown): Problems {
  const kind = readErrorData(error)?.kind
  if (kind === 'CredentialsSignin') return { code: 'That is not the code. Wait for the next one and try again.' }
  if (kind === 'InvalidToken') return { form: 'This took too long. Begin again.' }
  return { form: describeError(error) }
}

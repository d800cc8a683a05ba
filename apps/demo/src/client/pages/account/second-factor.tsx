import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { renderSVG } from 'uqr'
import { describeError, readErrorData } from '../../text/errors.ts'
import { queryClient, trpc } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import type { Problems } from '../../ui/problems.ts'
import { Section } from './section.tsx'

/** A code of an app besides the first way to sign in. */
export function SecondFactor() {
  const [done, setDone] = useState('')
  const [codes, setCodes] = useState<readonly string[]>([])
  const status = useQuery(trpc.auth.totp.status.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.auth.totp.status.queryKey() })
  const enrol = useMutation(trpc.auth.totp.enrol.mutationOptions())
  const confirm = useMutation(trpc.auth.totp.confirm.mutationOptions())
  const disable = useMutation(trpc.auth.totp.disable.mutationOptions({ onSettled: refresh }))
  const submit = async ({ code = '' }: Values) => {
    const { backupCodes } = await confirm.mutateAsync({ code: code.replaceAll(/\s/g, '') })
    setCodes(backupCodes)
    setDone('From now on you are asked for a code when you sign in.')
    enrol.reset()
    await refresh()
  }
  const stop = () => {
    setCodes([])
    disable.mutate(undefined, { onSuccess: () => setDone('You are no longer asked for a code.') })
  }
  const error = enrol.error ?? disable.error
  return (
    <Section title="Second factor" intro="A code of an authenticator app, besides the way you sign in." done={done}>
      {codes.length > 0 && <BackupCodes codes={codes} />}
      {status.data?.enabled ? (
        <button type="button" aria-busy={disable.isPending} onClick={stop}>
          Turn it off
        </button>
      ) : enrol.data ? (
        <>
          <QrCode uri={enrol.data.uri} />
          <p className="muted">
            Scan it, or write this into the app: <code className="secret">{enrol.data.secret}</code>
          </p>
          <Form action="Turn it on" busy="Checking …" submit={submit} explain={explain}>
            <Field
              label="Code that the app shows"
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
            />
          </Form>
        </>
      ) : (
        <button type="button" aria-busy={enrol.isPending} onClick={() => enrol.mutate()}>
          Set it up
        </button>
      )}
      <div role="alert">{error && <p className="notice notice-bad">{describeError(error)}</p>}</div>
    </Section>
  )
}

/** Drawn in the browser, so that the secret in it leaves the page for no other service. */
function QrCode({ uri }: { readonly uri: string }) {
  return (
    <div
      className="qr"
      role="img"
      aria-label="QR code for the authenticator app"
      dangerouslySetInnerHTML={{ __html: renderSVG(uri, { border: 2 }) }}
    />
  )
}

function BackupCodes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <div>
      <p>Each of these backup codes works once, if your phone is lost. They are shown this once.</p>
      <ul className="codes" aria-label="Backup codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

function explain(error: unknown): Problems {
  if (readErrorData(error)?.kind === 'CredentialsSignin')
    return { code: 'That is not the code. Wait for the next one.' }
  return { form: describeError(error) }
}

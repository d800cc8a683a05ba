import { useMutation, useQuery } from '@tanstack/react-query'
import { registerPasskey } from '@latchkey/passkey/client'
import { useState } from 'react'
import { describeError } from '../../text/errors.ts'
import { Time } from '../../text/time.tsx'
import { client, queryClient, trpc } from '../../trpc.ts'
import { Field } from '../../ui/field.tsx'
import { Form, type Values } from '../../ui/form.tsx'
import { Failure, Loading } from '../../ui/states.tsx'
import { Section } from './section.tsx'

export function Passkeys() {
  const [done, setDone] = useState('')
  const [added, setAdded] = useState(0)
  const passkeys = useQuery(trpc.auth.passkey.list.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.auth.passkey.list.queryKey() })
  const add = async ({ name = '' }: Values) => {
    await registerPasskey(client.auth, { name })
    setDone('You can sign in with it now.')
    setAdded(added + 1)
    await refresh()
  }
  const remove = useMutation(trpc.auth.passkey.remove.mutationOptions({ onSettled: refresh }))
  return (
    <Section
      title="Passkeys"
      intro="Sign in with your fingerprint, face or a key, and nothing to remember."
      done={done}
    >
      {passkeys.isPending && <Loading what="your passkeys" />}
      {passkeys.isError && <Failure error={passkeys.error} retry={passkeys.refetch} />}
      {passkeys.data && passkeys.data.length > 0 && (
        <ul className="list">
          {passkeys.data.map(({ id, name, createdAt }) => (
            <li key={id}>
              <div className="list-text">
                <p>{name}</p>
                <p className="muted">
                  Added <Time at={createdAt} />
                </p>
              </div>
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => remove.mutate({ id }, { onSuccess: () => setDone(`${name} is removed.`) })}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <div role="alert">{remove.error && <p className="notice notice-bad">{describeError(remove.error)}</p>}</div>
      <Form key={added} action="Add a passkey" busy="Waiting for your device …" isMain={false} submit={add}>
        <Field label="Its name" name="name" maxLength={100} autoComplete="off" required={false} />
      </Form>
    </Section>
  )
}

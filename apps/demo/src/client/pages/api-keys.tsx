import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { describeError } from '../text/errors.ts'
import { Time } from '../text/time.tsx'
import { type ApiKeyInfo, queryClient, trpc } from '../trpc.ts'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'

export function ApiKeysPage() {
  return (
    <Page title="API keys" intro="A key lets a program see your organisation's members, and do nothing else.">
      <ApiKeys />
    </Page>
  )
}

function ApiKeys() {
  const [done, setDone] = useState('')
  const status = useRef<HTMLParagraphElement>(null)
  const keys = useQuery(trpc.auth.apiKey.list.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.auth.apiKey.list.queryKey() })
  const create = useMutation(trpc.auth.apiKey.create.mutationOptions({ onSettled: refresh }))
  const revoke = useMutation(trpc.auth.apiKey.revoke.mutationOptions({ onSettled: refresh }))
  if (keys.isPending) return <Loading what="your keys" />
  if (keys.isError) return <Failure error={keys.error} retry={keys.refetch} />
  const error = create.error ?? revoke.error
  const end = ({ id, name }: ApiKeyInfo) => {
    const tell = () => {
      setDone(`The key ${name} is revoked.`)
      // The button that had the focus is about to go.
      status.current?.focus()
    }
    revoke.mutate({ id }, { onSuccess: tell })
  }
  return (
    <>
      <NewKey
        isBusy={create.isPending}
        make={(name) => create.mutate({ name, scopes: ['members:read'], expiresIn: '90d' })}
      />
      {create.data && <Shown secret={create.data.key} name={create.data.name} />}
      {keys.data.length === 0 ? (
        <Empty>You have no keys.</Empty>
      ) : (
        <ul className="list card">
          {keys.data.map((info) => (
            <Row
              key={info.id}
              info={info}
              isBusy={revoke.isPending && revoke.variables.id === info.id}
              end={() => end(info)}
            />
          ))}
        </ul>
      )}
      <div className="actions">
        <p role="status" className={done && 'notice'} ref={status} tabIndex={-1}>
          {done}
        </p>
        <div role="alert">{error && <p className="notice notice-bad">{describeError(error)}</p>}</div>
      </div>
    </>
  )
}

interface NewKeyProps {
  readonly isBusy: boolean
  readonly make: (name: string) => void
}

function NewKey({ isBusy, make }: NewKeyProps) {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const name = new FormData(form).get('name')
    if (isBusy || typeof name !== 'string') return
    make(name)
    form.reset()
  }
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id}>Make a key</h2>
      <form className="row" onSubmit={submit}>
        <Field label="What is it for?" name="name" maxLength={100} autoComplete="off" />
        <button type="submit" className="button-primary" aria-busy={isBusy}>
          Make it
        </button>
      </form>
    </section>
  )
}

/** Only its digest is stored: this is the one time that the key is known. */
function Shown({ secret, name }: { readonly secret: string; readonly name: string }) {
  const command = `curl ${location.origin}/trpc/members -H 'authorization: Bearer ${secret}'`
  return (
    <section className="card panel" aria-label={`The key ${name}`}>
      <p role="status" className="notice">
        {name}: copy it now, it is shown this once.
      </p>
      <pre className="json" tabIndex={0} role="region" aria-label="The command">
        <code>{command}</code>
      </pre>
    </section>
  )
}

interface RowProps {
  readonly info: ApiKeyInfo
  readonly isBusy: boolean
  readonly end: () => void
}

function Row({ info, isBusy, end }: RowProps) {
  const id = useId()
  const { name, start, scopes, createdAt, lastUsedAt, expires } = info
  return (
    <li>
      <div className="list-text">
        <p>
          {name} <code>{start}…</code> <span className="tag">{scopes.join(', ')}</span>
        </p>
        <p className="muted" id={id}>
          Made <Time at={createdAt} />,{' '}
          {lastUsedAt ? (
            <>
              used <Time at={lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
          {expires && (
            <>
              , ends <Time at={expires} />
            </>
          )}
        </p>
      </div>
      <button type="button" aria-label={`Revoke ${name}`} aria-describedby={id} aria-busy={isBusy} onClick={end}>
        Revoke
      </button>
    </li>
  )
}

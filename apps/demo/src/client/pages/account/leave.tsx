import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { say } from '../../notice.ts'
import { describeError } from '../../text/errors.ts'
import { client, trpc, useSession } from '../../trpc.ts'
import { Section } from './section.tsx'

/** Takes one's data along, and ends the account. */
export function Leave() {
  const dialog = useRef<HTMLDialogElement>(null)
  const exported = useMutation({ mutationFn: () => client.auth.account.export.query(), onSuccess: download })
  const { reload } = useSession()
  const leave = useMutation(
    trpc.auth.account.delete.mutationOptions({
      onSuccess: async () => {
        await reload()
        // After it: the link says why the session is over.
        say('Your account is deleted.')
      },
    }),
  )
  const error = exported.error ?? leave.error
  return (
    <Section title="Your data" intro="Take along what is known of you here, or leave for good.">
      <div className="actions">
        <button type="button" aria-busy={exported.isPending} onClick={() => exported.mutate()}>
          Download it
        </button>
        <button type="button" className="button-bad" onClick={() => dialog.current?.showModal()}>
          Delete the account
        </button>
      </div>
      <div role="alert">{error && <p className="notice notice-bad">{describeError(error)}</p>}</div>
      <dialog ref={dialog} className="card" aria-labelledby="delete-title">
        <h2 id="delete-title">Delete your account?</h2>
        <p className="muted">You are signed out everywhere, and nothing of it can be brought back.</p>
        <form method="dialog" className="actions">
          <button type="submit" className="button-bad" onClick={() => leave.mutate()}>
            Delete it
          </button>
          <button type="submit">Keep it</button>
        </form>
      </dialog>
    </Section>
  )
}

function download(data: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: 'latchkey-demo.json' })
  link.click()
  URL.revokeObjectURL(url)
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Time } from '../text/time.tsx'
import { trpc } from '../trpc.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'

/** The mails that the demo has sent to anybody, in place of a mail server. */
export function MailboxPage() {
  return (
    <Page title="Mailbox" intro="Every mail that the demo has sent, newest first. A real app sends them to people.">
      <Mails />
    </Page>
  )
}

function Mails() {
  const mails = useQuery(trpc.mailbox.queryOptions(undefined, { refetchInterval: 2_000, staleTime: 0 }))
  const [chosen, setChosen] = useState<string | null>(null)
  if (mails.isPending) return <Loading what="the mails" />
  if (mails.isError) return <Failure error={mails.error} retry={mails.refetch} />
  if (mails.data === null)
    return <Empty>This server shows no mails: others can open it, or it has a mail server.</Empty>
  if (mails.data.length === 0) return <Empty>No mail yet.</Empty>
  const open = mails.data.find(({ id }) => id === chosen) ?? mails.data[0]
  return (
    <div className="mailbox">
      <ul className="list card" aria-label="Mails">
        {mails.data.map(({ id, to, subject, sentAt }) => (
          <li key={id}>
            <button type="button" className="mail" aria-pressed={id === open?.id} onClick={() => setChosen(id)}>
              <span className="mail-subject">{subject}</span>
              <span className="muted">
                {to}, <Time at={sentAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {open && (
        // Without scripts and without this page's rights: it shows what a stranger may have caused to be sent.
        <iframe
          key={open.id}
          className="card mail-body"
          title={`The mail “${open.subject}”`}
          src={`/mailbox/${open.id}`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
      )}
    </div>
  )
}

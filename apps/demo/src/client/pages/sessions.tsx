import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { say } from '../notice.ts'
import { queryClient, type SessionInfo, trpc, useSignOut } from '../trpc.ts'
import { describeDevice } from '../text/device.ts'
import { describeError } from '../text/errors.ts'
import { Time } from '../text/time.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'

export function SessionsPage() {
  return (
    <Page title="Sessions" intro="Where you are signed in. A session that you end here is refused at its next request.">
      <Sessions />
    </Page>
  )
}

function Sessions() {
  const [done, setDone] = useState('')
  const status = useRef<HTMLParagraphElement>(null)
  const sessions = useQuery(trpc.auth.sessions.list.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.list.queryKey() })
  const revoke = useMutation(trpc.auth.sessions.revoke.mutationOptions({ onSettled: refresh }))
  const revokeOthers = useMutation(trpc.auth.sessions.revokeOthers.mutationOptions({ onSettled: refresh }))
  const signOut = useSignOut()
  const leaveEverywhere = async () => {
    say('You are signed out on all your devices.')
    // What fails is shown below.
    await signOut.signOut({ everywhere: true }).catch(() => say(null))
  }
  if (sessions.isPending) return <Loading what="your sessions" />
  if (sessions.isError) return <Failure error={sessions.error} retry={sessions.refetch} />
  const error = revoke.error ?? revokeOthers.error ?? signOut.error
  const others = sessions.data.filter(({ current }) => !current)
  // The button that had the focus is about to go.
  const tell = (sentence: string) => {
    setDone(sentence)
    status.current?.focus()
  }
  const end = (session: SessionInfo) =>
    revoke.mutate(
      { id: session.id },
      { onSuccess: () => tell(`The session of ${describeDevice(session.device)} is ended.`) },
    )
  const endOthers = () => revokeOthers.mutate(undefined, { onSuccess: ({ revoked }) => tell(describeEnded(revoked)) })
  return (
    <>
      <ul className="list card">
        {[...sessions.data].sort(currentFirst).map((session) => (
          <Row
            key={session.id}
            session={session}
            isBusy={revoke.isPending && revoke.variables.id === session.id}
            end={() => end(session)}
          />
        ))}
      </ul>
      {others.length === 0 && <Empty>You are signed in nowhere else.</Empty>}
      <div className="actions">
        <p role="status" className={done && 'notice'} ref={status} tabIndex={-1}>
          {done}
        </p>
        <div role="alert">
          {Boolean(error) && (
            <p className="notice notice-bad">
              {signOut.error ? 'You are still signed in. ' : 'It was not ended. '}
              {describeError(error)}
            </p>
          )}
        </div>
        {others.length > 0 && (
          <button type="button" aria-busy={revokeOthers.isPending} onClick={endOthers}>
            End all others
          </button>
        )}
        <button
          type="button"
          className="button-bad"
          aria-busy={signOut.isPending}
          onClick={() => void leaveEverywhere()}
        >
          Sign out everywhere
        </button>
      </div>
    </>
  )
}

interface RowProps {
  readonly session: SessionInfo
  readonly isBusy: boolean
  readonly end: () => void
}

function Row({ session, isBusy, end }: RowProps) {
  const id = useId()
  const device = describeDevice(session.device)
  return (
    <li>
      <div className="list-text">
        <p>
          {device} {session.current && <span className="tag tag-strong">this browser</span>}
        </p>
        <p className="muted" id={id}>
          Signed in <Time at={session.createdAt} />
          {session.ip && ` from ${session.ip}`}, last seen <Time at={session.lastSeenAt} />
        </p>
      </div>
      {!session.current && (
        <button
          type="button"
          aria-label={`End the session of ${device}`}
          aria-describedby={id}
          aria-busy={isBusy}
          onClick={end}
        >
          End
        </button>
      )}
    </li>
  )
}

function currentFirst(a: SessionInfo, b: SessionInfo): number {
  return Number(b.current) - Number(a.current) || b.createdAt.getTime() - a.createdAt.getTime()
}

function describeEnded(sessions: number): string {
  return sessions === 1 ? 'One other session is ended.' : `${sessions} other sessions are ended.`
}

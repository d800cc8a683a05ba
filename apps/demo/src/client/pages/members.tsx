import { useQuery } from '@tanstack/react-query'
import { type ClientSession, trpc } from '../trpc.ts'
import { Page } from '../ui/page.tsx'
import { Avatar, Role } from '../ui/person.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'

export function MembersPage({ session }: { readonly session: ClientSession }) {
  return (
    <Page
      title="Members"
      intro={
        <>
          Everybody in <strong>{session.orgName ?? 'your organisation'}</strong>. Anybody who is signed in may look; who
          is listed follows the organisation of the session.
        </>
      }
    >
      <Members you={session.user.id} />
    </Page>
  )
}

function Members({ you }: { readonly you: string }) {
  const members = useQuery(trpc.members.queryOptions())
  if (members.isPending) return <Loading what="the members" />
  if (members.isError) return <Failure error={members.error} retry={members.refetch} />
  if (members.data.length === 0) return <Empty>Your session is in no organisation, so there is nobody to show.</Empty>
  return (
    <ul className="list card">
      {members.data.map((person) => (
        <li key={person.id}>
          <Avatar name={person.name} />
          <div className="list-text">
            <p>
              {person.name} {person.id === you && <span className="muted">(you)</span>}
            </p>
            <p className="muted">{person.email}</p>
          </div>
          <Role name={person.role} />
        </li>
      ))}
    </ul>
  )
}

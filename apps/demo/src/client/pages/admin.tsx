import { useQuery } from '@tanstack/react-query'
import { type ClientSession, trpc } from '../trpc.ts'
import { readErrorData } from '../text/errors.ts'
import { Page } from '../ui/page.tsx'
import { Avatar, Role } from '../ui/person.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'

export function AdminPage({ session }: { readonly session: ClientSession }) {
  return (
    <Page title="Admin" intro="Every account of this demo. The procedure behind this page asks for the role admin.">
      <People session={session} />
    </Page>
  )
}

/** Asks the server also for somebody who lacks the role: it is the procedure that refuses, not this page. */
function People({ session }: { readonly session: ClientSession }) {
  const people = useQuery(trpc.admin.people.queryOptions())
  if (people.isPending) return <Loading what="the accounts" />
  if (readErrorData(people.error)?.code === 'FORBIDDEN') return <Refused session={session} />
  if (people.isError) return <Failure error={people.error} retry={people.refetch} />
  if (people.data.length === 0) return <Empty>There are no accounts.</Empty>
  return (
    <ul className="list list-wide card">
      {people.data.map((person) => (
        <li key={person.id}>
          <Avatar name={person.name} />
          <div className="list-text">
            <p>{person.name}</p>
            <p className="muted">{person.email}</p>
            <p className="muted list-aside">{person.organisations.join(', ') || 'In no organisation'}</p>
          </div>
          <Role name={person.role} />
        </li>
      ))}
    </ul>
  )
}

function Refused({ session }: { readonly session: ClientSession }) {
  return (
    <div className="notice notice-bad" role="alert">
      <p>
        <strong>This page is for admins.</strong> You are signed in as {session.user.name} with the role{' '}
        {session.roles.join(', ') || 'none'}, and the server refused the call: <code>FORBIDDEN</code>, kind{' '}
        <code>AccessDenied</code>.
      </p>
    </div>
  )
}

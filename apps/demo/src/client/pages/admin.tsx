import { useQuery } from '@tanstack/react-query'
import { type ClientSession, trpc } from '../trpc.ts'
import { readErrorData } from '../text/errors.ts'
import { Page } from '../ui/page.tsx'
import { Role } from '../ui/person.tsx'
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
    <div className="card table" tabIndex={0} role="region" aria-label="Accounts">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Organisations</th>
          </tr>
        </thead>
        <tbody>
          {people.data.map((person) => (
            <tr key={person.id}>
              <th scope="row">{person.name}</th>
              <td>{person.email}</td>
              <td>
                <Role name={person.role} />
              </td>
              <td>{person.organisations.join(', ') || 'None'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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

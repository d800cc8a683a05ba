import { useQuery } from '@tanstack/react-query'
import { type ClientSession, trpc } from '../trpc.ts'
import { Time } from '../text/time.tsx'
import { Json } from '../ui/json.tsx'
import { Page } from '../ui/page.tsx'
import { Avatar, Role } from '../ui/person.tsx'
import { Failure, Loading } from '../ui/states.tsx'

export function YouPage({ session }: { readonly session: ClientSession }) {
  const { user, roles, orgName, expires } = session
  return (
    <Page title="You" intro="Who you are to this app: what your browser is told, and what the server knows beside it.">
      <section className="card you" aria-label="Who you are">
        <Avatar name={user.name} />
        <div className="you-text">
          <p className="you-name">
            {user.name}{' '}
            {roles.map((role) => (
              <Role key={role} name={role} />
            ))}
          </p>
          <p className="muted">{user.email}</p>
        </div>
        <dl className="facts">
          <div>
            <dt>Organisation</dt>
            <dd>{orgName ?? 'None'}</dd>
          </div>
          <div>
            <dt>Session ends</dt>
            <dd>
              <Time at={expires} />
            </dd>
          </div>
        </dl>
      </section>
      <div className="columns">
        <section aria-labelledby="client-side">
          <h2 id="client-side">What your browser gets</h2>
          <p className="muted">
            The answer of <code>auth.session</code>, as the session callback shapes it.
          </p>
          <Json label="The session that your browser gets" value={session} />
        </section>
        <section aria-labelledby="server-side">
          <h2 id="server-side">What the server knows</h2>
          <p className="muted">
            <code>ctx.session</code>, as a protected procedure sees it.
          </p>
          <ServerSide />
        </section>
      </div>
    </Page>
  )
}

function ServerSide() {
  const whoami = useQuery(trpc.whoami.queryOptions())
  if (whoami.isPending) return <Loading what="what the server knows" />
  if (whoami.isError) return <Failure error={whoami.error} retry={whoami.refetch} />
  return (
    <>
      <Json label="The session that the server knows" value={whoami.data.session} />
      <h3>Claims behind it</h3>
      <p className="muted">
        A procedure can read them all with <code>ctx.auth.token()</code>. What isn’t declared never reaches the browser.
      </p>
      <ul className="tags">
        {whoami.data.claimNames.map((name) => (
          <li key={name} className="tag">
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

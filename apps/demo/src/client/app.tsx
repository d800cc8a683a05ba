import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { usePath } from './navigation.tsx'
import { sayAtLeast } from './notice.ts'
import { AdminPage } from './pages/admin.tsx'
import { MembersPage } from './pages/members.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { YouPage } from './pages/you.tsx'
import { Shell } from './shell.tsx'
import { type ClientSession, forget, trpc } from './trpc.ts'
import { Failure, Loading } from './ui/states.tsx'

/** Signed out there is one page, at any address: whoever signs in then is where they wanted to be. */
export function App() {
  const session = useQuery(trpc.auth.session.queryOptions())
  useLeaving(session.data)
  return <Shell session={session.data ?? null}>{choosePage()}</Shell>

  function choosePage() {
    if (session.isPending) return <Loading what="your session" />
    // A session that is known stays on the screen while the server doesn't answer.
    if (session.data === undefined) return <Failure error={session.error} retry={session.refetch} />
    return session.data ? <Page session={session.data} /> : <SignInPage />
  }
}

function Page({ session }: { readonly session: ClientSession }) {
  switch (usePath()) {
    case '/':
      return <YouPage session={session} />
    case '/members':
      return <MembersPage session={session} />
    case '/admin':
      return <AdminPage session={session} />
    case '/sessions':
      return <SessionsPage />
    default:
      return <NotFoundPage />
  }
}

/** A session that ended elsewhere shows when the window is looked at again: nobody pressed anything then, so it needs a word. */
function useLeaving(session: ClientSession | null | undefined): void {
  const before = useRef(session)
  useEffect(() => {
    if (before.current && session === null) sayAtLeast('You are signed out. Sign in to go on.')
    if (session === null) forget()
    before.current = session
  }, [session])
}

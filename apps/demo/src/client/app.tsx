import { useEffect, useRef } from 'react'
import { usePath } from './navigation.tsx'
import { sayAtLeast } from './notice.ts'
import { AdminPage } from './pages/admin.tsx'
import { ApiKeysPage } from './pages/api-keys.tsx'
import { MembersPage } from './pages/members.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { TokensPage } from './pages/tokens.tsx'
import { YouPage } from './pages/you.tsx'
import { Shell } from './shell.tsx'
import { type ClientSession, useSession } from './trpc.ts'
import { Page as PageFrame } from './ui/page.tsx'
import { Failure, Loading } from './ui/states.tsx'

/** Signed out, every address shows the sign-in page. After signing in a person is at the address that they opened. */
export function App() {
  const { status, session, error, reload } = useSession()
  useLeaving(session)
  return <Shell session={session ?? null}>{choosePage()}</Shell>

  function choosePage() {
    if (status === 'loading') return <Loading what="your session" />
    if (status === 'failed') {
      return (
        <PageFrame title="Not available">
          <Failure error={error} retry={reload} />
        </PageFrame>
      )
    }
    return session ? <Page session={session} /> : <SignInPage />
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
    case '/api-keys':
      return <ApiKeysPage />
    case '/tokens':
      return <TokensPage session={session} />
    default:
      return <NotFoundPage />
  }
}

/** A session that ended elsewhere shows when the window gets the focus again. The person has pressed nothing, so a message says why. */
function useLeaving(session: ClientSession | null | undefined): void {
  const before = useRef(session)
  useEffect(() => {
    if (before.current && session === null) sayAtLeast('You are signed out. Sign in to go on.')
    before.current = session
  }, [session])
}

import { useEffect, useRef } from 'react'
import { usePath } from './navigation.tsx'
import { sayAtLeast } from './notice.ts'
import { AccountPage } from './pages/account/page.tsx'
import { AdminPage } from './pages/admin.tsx'
import { ApiKeysPage } from './pages/api-keys.tsx'
import { MachinesPage } from './pages/machines.tsx'
import { MailboxPage } from './pages/mailbox.tsx'
import { MembersPage } from './pages/members.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { ForgotPasswordPage, ResetPasswordPage, VerifyEmailPage } from './pages/sign-in/by-link.tsx'
import { SignInPage } from './pages/sign-in/page.tsx'
import { SignUpPage } from './pages/sign-in/sign-up.tsx'
import { TokensPage } from './pages/tokens.tsx'
import { YouPage } from './pages/you.tsx'
import { Shell } from './shell.tsx'
import { type ClientSession, useSession } from './trpc.ts'
import { Page as PageFrame } from './ui/page.tsx'
import { Failure, Loading } from './ui/states.tsx'

/** Signed out, every address but those for it shows the sign-in page. After signing in a person is at the address that they opened. */
export function App() {
  const path = usePath()
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
    return choosePublicPage(path) ?? (session ? <Page session={session} /> : chooseSignedOutPage(path))
  }
}

/** Pages for everybody: those that mails lead to, too. */
function choosePublicPage(path: string) {
  switch (path) {
    case '/mailbox':
      return <MailboxPage />
    case '/verify-email':
      return <VerifyEmailPage />
    case '/reset-password':
      return <ResetPasswordPage />
    default:
      return null
  }
}

function chooseSignedOutPage(path: string) {
  switch (path) {
    case '/sign-up':
      return <SignUpPage />
    case '/forgot-password':
      return <ForgotPasswordPage />
    default:
      return <SignInPage />
  }
}

function Page({ session }: { readonly session: ClientSession }) {
  switch (usePath()) {
    case '/':
      return <YouPage session={session} />
    case '/account':
      return <AccountPage session={session} />
    case '/members':
      return <MembersPage session={session} />
    case '/admin':
      return <AdminPage session={session} />
    case '/machines':
      return <MachinesPage />
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

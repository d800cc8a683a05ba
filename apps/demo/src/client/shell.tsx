import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from './navigation.tsx'
import { say } from './notice.ts'
import { OrganisationSwitcher } from './organisation-switcher.tsx'
import { useHasMachines } from './pages/machines.tsx'
import { StepUp } from './step-up.tsx'
import { describeError } from './text/errors.ts'
import { type ClientSession, trpc, useSignOut } from './trpc.ts'

const PAGES = [
  ['/', 'You'],
  ['/account', 'Account'],
  ['/members', 'Members'],
  ['/admin', 'Admin'],
  ['/sessions', 'Sessions'],
  ['/tokens', 'Tokens'],
  ['/api-keys', 'API keys'],
] as const
/** Of the demo as two instances. */
const MACHINES = ['/machines', 'Machines'] as const

export interface ShellProps {
  readonly session: ClientSession | null
  readonly children: ReactNode
}

/** What stands around every page. */
export function Shell({ session, children }: ShellProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const pages = useHasMachines() ? [...PAGES, MACHINES] : PAGES
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="bar">
        <div className="bar-row">
          <Link className="brand" href="/">
            <Mark />
            Latchkey <span className="brand-sub">demo</span>
          </Link>
          {session && <Account session={session} report={setProblem} />}
        </div>
        {session && (
          <nav className="tabs" aria-label="Pages">
            {pages.map(([href, label]) => (
              <Link key={href} href={href}>
                {label}
              </Link>
            ))}
          </nav>
        )}
      </header>
      {/* Always there, so that screen readers hear what appears in it; below the header, which keeps its shape. */}
      <div role="alert" className="problem">
        {session && problem && <p className="notice notice-bad">{problem}</p>}
      </div>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
      {session && <StepUp email={session.user.email ?? ''} />}
    </>
  )
}

interface AccountProps {
  readonly session: ClientSession
  /** Says what went wrong, or with null that nothing is wrong any more. */
  readonly report: (problem: string | null) => void
}

function Account({ session, report }: AccountProps) {
  const { signOut, isPending } = useSignOut()
  const leave = async () => {
    report(null)
    say('You are signed out.')
    await signOut().catch((error: unknown) => {
      say(null)
      report(`You are still signed in. ${describeError(error)}`)
    })
  }
  return (
    <div className="account">
      <OrganisationSwitcher session={session} report={report} />
      <button type="button" className="button-quiet" aria-busy={isPending} onClick={() => void leave()}>
        Sign out
      </button>
    </div>
  )
}

const STRATEGIES = {
  jwt: 'This server keeps sessions in an encrypted cookie, with a row that remembers them',
  database: 'This server keeps sessions in the database, and the cookie only names one',
} as const

function Footer() {
  const about = useQuery(trpc.about.queryOptions(undefined, { staleTime: Infinity }))
  return (
    <footer className="foot">
      {about.data && (
        <p>
          {STRATEGIES[about.data.strategy]} <code>AUTH_STRATEGY={about.data.strategy}</code>
        </p>
      )}
    </footer>
  )
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="10" cy="16" r="5.5" />
      <path d="M15.5 16H29M23 16v5.5M29 16v4" />
    </svg>
  )
}

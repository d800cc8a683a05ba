import { useState } from 'react'
import { Link, readAddress } from '../../navigation.tsx'
import { useNotice } from '../../notice.ts'
import { explainKind } from '../../text/errors.ts'
import { Page } from '../../ui/page.tsx'
import { OtherWays } from './other-ways.tsx'
import { PasswordForm } from './password-form.tsx'
import { type Challenge, SecondStep } from './second-step.tsx'

/** Signs somebody in by any way. A sign-in that waits for its second step may have come here by a redirect, with the challenge in the fragment. */
export function SignInPage() {
  const notice = useNotice()
  const [challenge, setChallenge] = useState<Challenge | null>(readChallenge)
  const failed = readAddress('error')
  if (challenge) return <SecondStep challenge={challenge} leave={() => setChallenge(null)} />
  return (
    <Page title="Sign in">
      <div className="sign-in card">
        {failed && (
          <p className="notice notice-bad" role="alert">
            {explainKind(failed)}
          </p>
        )}
        {notice && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        <PasswordForm challenge={setChallenge} />
        <p className="links">
          <Link href="/sign-up">Create an account</Link>
          <Link href="/forgot-password">Forgot your password?</Link>
        </p>
        <OtherWays challenge={setChallenge} />
      </div>
      <p className="hint">
        The terminal that started the demo shows who can sign in. Mails arrive in the{' '}
        <Link href="/mailbox">mailbox</Link>.
      </p>
    </Page>
  )
}

function readChallenge(): Challenge | null {
  const asked = new URLSearchParams(location.hash.slice(1))
  const challenge = asked.get('challenge')
  if (challenge === null) return null
  history.replaceState(null, '', location.pathname)
  return { challenge, factors: asked.get('factors')?.split(',') ?? [] }
}

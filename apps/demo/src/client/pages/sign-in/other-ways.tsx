import { signInWith } from '@latchkey/client'
import { signInWithPasskey } from '@latchkey/passkey/client'
import { useState } from 'react'
import { say } from '../../notice.ts'
import { describeError } from '../../text/errors.ts'
import { client } from '../../trpc.ts'
import { ByMail } from './by-mail.tsx'
import type { WayProps } from './password-form.tsx'

/** Ways without a password. */
export function OtherWays({ challenge }: WayProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isByMail, setByMail] = useState(false)
  const attempt = async (run: () => Promise<unknown>) => {
    setProblem(null)
    await run().catch((error: unknown) => setProblem(describeError(error)))
  }
  const withPasskey = async () => {
    const result = await signInWithPasskey(client.auth)
    if (result.status === 'challenge') challenge(result)
    else say(null)
  }
  return (
    <section className="ways" aria-label="Other ways to sign in">
      <p className="or" aria-hidden="true">
        or
      </p>
      <button type="button" onClick={() => void attempt(() => signInWith(client.auth, 'demo-id', { redirectTo: '/' }))}>
        Sign in with Demo ID
      </button>
      <button type="button" onClick={() => void attempt(withPasskey)}>
        Sign in with a passkey
      </button>
      {isByMail ? (
        <ByMail challenge={challenge} />
      ) : (
        <button type="button" onClick={() => setByMail(true)}>
          Sign in by e-mail
        </button>
      )}
      <div role="alert">{problem && <p className="notice notice-bad">{problem}</p>}</div>
    </section>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { describeError, readErrorData } from '../text/errors.ts'
import { auth, client, thief } from './client.ts'
import { explainEnding } from './ending.ts'

/** A copied refresh token, used after its owner went on. */
export function Attack() {
  const id = useId()
  const attack = useMutation({ mutationFn: stealAndUse })
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id}>A stolen refresh token</h2>
      <p className="muted">
        A script copies the refresh token. You go on: the page refreshes twice. Then the thief uses the copy. Nobody can
        tell the two apart, so the server ends the session for both.
      </p>
      <button type="button" className="button-bad" aria-busy={attack.isPending} onClick={() => attack.mutate()}>
        Try it
      </button>
      <div role="alert">{attack.error && <p className="notice notice-bad">{describeError(attack.error)}</p>}</div>
    </section>
  )
}

async function stealAndUse(): Promise<void> {
  const { refreshToken = '' } = (await auth.tokens()) ?? {}
  await auth.refresh()
  await auth.refresh()
  const kind = await refusalOf(thief.auth.token.mutate({ refreshToken }))
  // The owner's next call learns of it, if no stream was faster.
  await client.auth.session.query().catch(() => {})
  explainEnding(`The copy was refused: ${kind}. The session is over, for the thief and for you.`)
}

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'nothing, it worked'
  } catch (error) {
    const kind = readErrorData(error)?.kind
    if (!kind) throw error
    return kind
  }
}

import { useState } from 'react'
import { Attack } from '../tokens/attack.tsx'
import { Calls } from '../tokens/calls.tsx'
import { auth, client, SessionProvider, useSession } from '../tokens/client.ts'
import { EndElsewhere } from '../tokens/end-elsewhere.tsx'
import { Life } from '../tokens/life.tsx'
import { Start } from '../tokens/start.tsx'
import { useTokens } from '../tokens/use-tokens.ts'
import type { ClientSession } from '../trpc.ts'
import { Page } from '../ui/page.tsx'
import { Loading } from '../ui/states.tsx'

export function TokensPage({ session }: { readonly session: ClientSession }) {
  const [isLive, setLive] = useState(true)
  return (
    <Page
      title="Tokens"
      intro="How a phone or a command line stays signed in: an access token that lasts a moment, and a refresh token that is used once. This page holds such a session beside your cookie’s. Open it in a second tab: both share it."
    >
      <SessionProvider auth={auth} client={client} live={isLive}>
        <TokenSession email={session.user.email ?? ''} isLive={isLive} setLive={setLive} />
      </SessionProvider>
    </Page>
  )
}

interface TokenSessionProps {
  readonly email: string
  readonly isLive: boolean
  readonly setLive: (isLive: boolean) => void
}

function TokenSession({ email, isLive, setLive }: TokenSessionProps) {
  const { status } = useSession()
  const tokens = useTokens()
  if (tokens === undefined) return <Loading what="the tokens" />
  if (!tokens) return <Start email={email} />
  return (
    <>
      <Life tokens={tokens} isEnded={status === 'signedOut'} />
      <div className="columns">
        <Calls isLive={isLive} setLive={setLive} />
        <Attack />
        <EndElsewhere sessionId={tokens.sessionId} />
      </div>
    </>
  )
}

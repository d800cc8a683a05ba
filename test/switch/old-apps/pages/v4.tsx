import type { GetServerSideProps } from 'next'
import { getServerSession } from 'next-auth'
import { SessionProvider, signIn, signOut, useSession } from 'next-auth/react'
import { type FormEvent } from 'react'
import { options } from '../lib/v4'

export const getServerSideProps: GetServerSideProps = async ({ req, res }) => {
  const session = await getServerSession(req, res, options)
  return { props: { rendered: session?.user?.email ?? 'nobody' } }
}

export default function Page({ rendered }: { rendered: string }) {
  return (
    <SessionProvider>
      <Who rendered={rendered} />
    </SessionProvider>
  )
}

function Who({ rendered }: { rendered: string }) {
  const { data, status } = useSession()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void signIn('credentials', Object.fromEntries(new FormData(event.currentTarget)))
  }
  return (
    <main data-app="v4">
      <p id="rendered">{rendered}</p>
      <p id="who">{status === 'loading' ? '' : (data?.user?.email ?? 'nobody')}</p>
      <form onSubmit={submit}>
        <input name="email" aria-label="E-mail" />
        <input name="password" aria-label="Password" type="password" />
        <button>Sign in</button>
      </form>
      <button onClick={() => void signIn('idp')}>Sign in with IdP</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  )
}

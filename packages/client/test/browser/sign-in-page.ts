import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { authLink, createTokenStore, finishSignIn, readErrorKind, signInWith } from '../../src/index.ts'
import type { SignInRouter } from '../support/sign-in-app.ts'

// A sign-in page, in the variants that its address asks for.
const query = new URLSearchParams(location.search)
const { server } = globalThis as unknown as { readonly server: string } // the page's HTML sets it
const url = `${server}/trpc`
const changes: string[] = []
const link = authLink<SignInRouter>({
  url,
  ...(sessionStorage.getItem('mode') === 'tokens' && { tokens: createTokenStore({ storage: localStorage }) }),
  onSessionChange: ({ reason }) => changes.push(reason),
})
const client = createTRPCClient<SignInRouter>({ links: [link, httpBatchLink({ url, headers: link.headers })] })

async function go() {
  show('waiting')
  try {
    const { status } = await signInWith(client.auth, 'idp', {
      redirectTo: '/account?tab=1',
      popup: query.has('popup'),
    })
    show(status)
  } catch (error) {
    show(`${String(Object(error).name)} ${String(readErrorKind(error))}`)
  }
}

function show(text: string) {
  document.querySelector('#status')!.textContent = text
}

const page = {
  whoAmI: async () => (await client.auth.session.query())?.user.name ?? null,
  finish: async () => (await finishSignIn(client.auth))?.status ?? null,
  changes: () => changes,
  tokens: async () => (await link.tokens()) !== null,
  /** A server that returns this address. */
  goTo: (address: string) =>
    signInWith(
      { ...fake(address), session: { query: async () => null } } as unknown as typeof client.auth, // that part of a client
      'idp',
    ).catch((error: unknown) => String(error)),
}
const fake = (address: string) => ({ signIn: { mutate: async () => ({ status: 'redirect', url: address }) } })

Object.assign(globalThis, { page })
document.querySelector('#go')!.addEventListener('click', () => void go())
if (query.has('auto')) void go()

export type SignInPage = typeof page

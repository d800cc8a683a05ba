import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { StrictMode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import superjson from 'superjson'
import { authLink, createTokenStore, type RouterSession } from '../../src/index.ts'
import { createAuthReact } from '../../src/react/index.ts'
import type { AppRouter } from '../support/app.ts'

// One app, in the variants that the address asks for: where the session lives, and whether there is TanStack Query.
const query = new URLSearchParams(location.search)
const stores = {
  storage: () => createTokenStore({ storage: localStorage }),
  cookie: () => createTokenStore({ refresh: 'cookie' }),
  session: () => undefined,
}
const mode = query.get('mode') as keyof typeof stores
const url = `${location.origin}/trpc`

const tokens = stores[mode]()
const ends: (string | undefined)[] = []
const auth = authLink<AppRouter>({
  url,
  transformer: superjson,
  refreshTimeout: Number(query.get('timeout') ?? 30),
  onSessionChange: ({ reason, kind }) => {
    if (reason === 'ended') ends.push(kind)
  },
  ...(tokens && { tokens }),
})
/** It opens with the first stream, and with the cookie of then. */
const openSocket = () =>
  createWSClient({
    url: location.origin.replace('http', 'ws'),
    lazy: { enabled: true, closeMs: 1_000 },
    connectionParams: auth.socketParams,
  })
const client = createTRPCClient<AppRouter>({
  links: [
    auth,
    splitLink({
      condition: (op) => op.type === 'subscription',
      true: query.has('socket')
        ? wsLink({ client: openSocket(), transformer: superjson })
        : httpSubscriptionLink({ url, transformer: superjson, connectionParams: auth.streamParams }),
      false: httpBatchLink({ url, transformer: superjson, headers: auth.headers }),
    }),
  ],
})
const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } })
const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })
const { SessionProvider, useSession, Authorized, useSignIn, useSignOut } = createAuthReact<AppRouter>()

function App() {
  const { status, session, reload } = useSession()
  const signIn = useSignIn()
  const signOut = useSignOut()
  const enter = (name: string, password = 'right') => {
    signIn.signIn({ provider: 'credentials', name, password }).catch(() => {})
  }
  return (
    <>
      <p id="status">{status}</p>
      <p id="who">{session?.user.id}</p>
      <p id="seen">{session && String(session.seenAt instanceof Date)}</p>
      <p id="pending">{String(signIn.isPending || signOut.isPending)}</p>
      <p id="error">{signIn.error instanceof Error && signIn.error.message}</p>
      <p id="out-error">{String(signOut.error instanceof Error)}</p>
      <button id="ann" onClick={() => enter('ann')} />
      <button id="root" onClick={() => enter('root')} />
      <button id="wrong" onClick={() => enter('ann', 'wrong')} />
      <button id="out" onClick={() => void signOut.signOut().catch(() => {})} />
      <button id="again" onClick={() => void reload()} />
      <Authorized fallback={<p id="outside">outside</p>} loading={<p id="waiting">waiting</p>}>
        <p id="inside">inside</p>
      </Authorized>
      <Authorized role="admin" fallback={<p id="no-admin" />}>
        {({ user }) => <p id="admin">{user.id}</p>}
      </Authorized>
      <Authorized role={['member', 'admin']}>
        <p id="somebody" />
      </Authorized>
      <Authorized claim={{ org: 'acme' }}>
        <p id="acme" />
      </Authorized>
      <Authorized claim={{ org: (org) => org.startsWith('ac') }} when={({ user }) => user.id === 'ann'}>
        <p id="acme-ann" />
      </Authorized>
    </>
  )
}

/** What a page of a signed-in person reads, and what has nothing to do with who asks. */
function Read() {
  const { session } = useSession()
  const own = useQuery(trpc.auth.session.queryOptions())
  return (
    <>
      <p id="cached">{own.data?.user.id}</p>
      {session && <Mine />}
    </>
  )
}

function Mine() {
  const { session } = useSession()
  const mine = useQuery(trpc.mine.queryOptions())
  return (
    <p id="mine">
      {session?.user.id} reads {mine.data ?? '…'}
    </p>
  )
}

const withQueries = query.has('queries')

/** What a server has rendered with, and renders with anew after an action: `render` is its next word. */
type Initial = RouterSession<AppRouter> | null | undefined
let initial: Initial
const renders = new Set<() => void>()
function onRender(listener: () => void) {
  renders.add(listener)
  return () => renders.delete(listener)
}

function Root() {
  const initialSession = useSyncExternalStore(onRender, () => initial)
  return (
    <SessionProvider
      auth={auth}
      client={client}
      queryClient={withQueries ? queryClient : undefined}
      live={query.has('live')}
      initialSession={initialSession}
    >
      <App />
      {withQueries && <Read />}
    </SessionProvider>
  )
}

/** A server's own client of the same cookie: the page's link sees nothing of its calls. */
const server = createTRPCClient<AppRouter>({ links: [httpLink({ url, transformer: superjson })] })
/** A server renders; its answer arrives as other objects each time. */
function render(session: Initial) {
  initial = session && structuredClone(session)
  for (const listener of renders) listener()
}

const mount = () =>
  createRoot(document.getElementById('app')!).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  )
// `initial`: the page comes with its session, as a server has rendered it.
if (query.has('initial')) void server.auth.session.query().then(render).then(mount)
else mount()

/** What the tests do from outside. */
const page = {
  calls: (count: number) => Promise.all(Array.from({ length: count }, () => client.mine.query())),
  write: () => client.write.mutate(),
  update: (org: string) => client.auth.updateSession.mutate({ org }),
  refresh: () => auth.refresh(),
  tokens: () => auth.tokens(),
  clearCache: () => queryClient.clear(),
  ends: () => ends,
  /** A server action signs somebody in or out, and what it renders afterwards. */
  actAs: async (name: string | null) => {
    if (name === null) await server.auth.signOut.mutate()
    else await server.auth.signIn.mutate({ provider: 'credentials', name, password: 'right' })
    render(await server.auth.session.query())
  },
  /** Remembers what the server renders now, and renders it later: an answer that comes late. */
  renderLate: async () => {
    const session = await server.auth.session.query()
    Object.assign(window, { renderNow: () => render(session) })
  },
  renderNow: () => (window as unknown as { readonly renderNow: () => void }).renderNow(),
}
export type TestPage = typeof page
Object.assign(window, { page })

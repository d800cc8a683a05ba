import { getFetch, httpLink, type HTTPLinkOptions, type Operation, TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { exchangeByCookie, exchangeByMutation, sendWithin } from '../tokens/exchange.ts'
import { createKeeper } from '../tokens/keeper.ts'
import { createAnnouncer } from './announcer.ts'
import { runWithCookie } from './cookie-operation.ts'
import { type Results, runOperation } from './operation.ts'
import type { AnyAuthLinkOptions, AuthLinkOptions } from './options.ts'
import { isOwn, sendOwn } from './own-operations.ts'
import { createPresenter } from './presenter.ts'
import { readHeaders, toTokenUrl } from './plain.ts'
import { toMutation, toSend } from '../send.ts'
import type { AuthLink } from './types.ts'

/**
 * The link that keeps a session: put it first.
 *
 * - The auth router's queries and mutations go out one by one over plain HTTP, so that cookies arrive whatever carries the rest.
 * - With a token store every operation has a live access token: refreshed shortly before it ends, or once one is refused as
 *   `AccessTokenExpired`, by one refresh for all calls, and for all tabs that share the store; each refused operation is sent once more.
 * - `SessionExpired`, `SessionRevoked` and `TokenReuse` end the session; a network that fails, or a server that does, never.
 *
 * @example
 * const auth = authLink<AppRouter>({ url: '/trpc' }) // the session is a cookie
 * createTRPCClient<AppRouter>({ links: [auth, httpBatchStreamLink({ url: '/trpc' })] })
 * @example
 * const auth = authLink<AppRouter>({ url, transformer, tokens: createTokenStore({ storage }) })
 * createTRPCClient<AppRouter>({ links: [auth, httpBatchStreamLink({ url, transformer, headers: auth.headers })] })
 */
export function authLink<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'>(
  options: AuthLinkOptions<TRouter, TPath>,
): AuthLink<TRouter, TPath> {
  const parts = assemble(options as unknown as AnyAuthLinkOptions) // nothing inside depends on the router
  const { keeper, tokens, announcer, prefix, sendAuth } = parts
  const link: TRPCLink<TRouter> =
    () =>
    ({ op, next }) => {
      if (isOwn(op, prefix)) return once(() => sendAuth(op))
      const send = next as (op: Operation) => Results // the same, with the router's name on its errors
      return keeper ? runOperation({ ...parts, keeper, next: send }, op) : runWithCookie(send, announcer, op)
    }
  return Object.assign(link, {
    tokens,
    headers: parts.headers,
    streamParams: async () => {
      if (!(await tokens())) return null
      const { ticket } = (await sendAuth(toMutation(`${prefix}streamTicket`))) as { readonly ticket: string } // what `streamTicket` returns
      return { ticket }
    },
    socketParams: async () => {
      const now = (await keeper?.fresh()) ?? null
      parts.opens(now)
      return now && { accessToken: now.accessToken }
    },
    refresh: async () => {
      const now = await tokens()
      if (now) await keeper?.renew(now)
    },
    subscribe: announcer.subscribe as AuthLink<TRouter, TPath>['subscribe'], // its sessions are the router's
    close: announcer.close,
  })
}

/** Makes the rooms of the link and shows them to each other. */
function assemble(options: AnyAuthLinkOptions) {
  const { tokens: store, path = 'auth', refreshEarly = 30, refreshTimeout = 30, onSessionChange } = options
  const prefix = path && `${path}.`
  const early = refreshEarly * 1_000
  const timeout = refreshTimeout * 1_000
  const fetch = getFetch(options.fetch)
  const cookie =
    store?.tokenUrl === undefined ? undefined : { url: toTokenUrl(options.url, store.tokenUrl), fetch, timeout }

  const tokens = async () => (await keeper?.load()) ?? null
  const headers = async (): Promise<Record<string, string>> => {
    const now = await tokens()
    return now ? { authorization: `Bearer ${now.accessToken}` } : {}
  }
  /** Sign-in and refresh need no access token, and mustn't fail for one. */
  const needsNone = new Set([`${prefix}signIn`, `${prefix}token`])
  const ownHeaders = async ({ op }: { readonly op: Operation }) => ({
    ...(await readHeaders(options.headers, op)),
    ...(!needsNone.has(op.path) && (await headers())),
  })
  // Whether there is a transformer is decided by the router's type alone.
  const send = toSend(
    httpLink<AnyTRPCRouter>({
      ...(options as HTTPLinkOptions<AnyTRPCRouter['_def']['_config']['$types']>),
      headers: ownHeaders,
    })({}),
  )

  const sendInTime = sendWithin(timeout, send)

  const announcer = createAnnouncer(store ? store.shared : `session.${path}`, (message) =>
    keeper && 'sessionId' in message ? keeper.hear(message) : !keeper,
  )
  if (onSessionChange) announcer.subscribe(onSessionChange)
  const keeper =
    store &&
    createKeeper({
      store,
      early,
      exchange: cookie ? () => exchangeByCookie(cookie) : exchangeByMutation(sendInTime, `${prefix}token`),
      onChange: (change, session) => announcer.announce({ session, reason: change.reason, kind: change.kind }, change),
    })
  const presenter = createPresenter({
    socket: keeper && options.socket,
    transformer: options.transformer,
    path: `${prefix}presentToken`,
  })
  const sendAuth = (op: Operation) => sendOwn({ send, sendInTime, prefix, keeper, cookie, announcer }, op)
  return { keeper, tokens, announcer, ...presenter, early, prefix, headers, sendAuth }
}

/** One answer as a link's observable. */
function once(answer: () => Promise<unknown>): Results {
  return observable((observer) => {
    const tell = async () => {
      try {
        observer.next({ result: { type: 'data', data: await answer() } })
        observer.complete()
      } catch (error) {
        observer.error(TRPCClientError.from(Object(error)))
      }
    }
    void tell()
  })
}

import type { TokenResponse } from '@latchkey/core'
import { type HTTPHeaders, httpLink, type HTTPLinkOptions, type Operation, TRPCClientError } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { type SendOperation, toMutation, toSend, withoutToken } from '../send.ts'
import { sendToEndpoint, sendWithin } from '../tokens/exchange.ts'
import { createKeeper } from '../tokens/keeper.ts'
import { createTokenStore } from '../tokens/store.ts'
import { createAnnouncer } from './announcer.ts'
import { type Results, runOperation } from './operation.ts'
import type { AnyAuthLinkOptions, AuthLinkOptions } from './options.ts'
import { createOwnOperations } from './own-operations.ts'
import { createPresenter } from './presenter.ts'
import { createStepUp } from './step-up.ts'
import type { AuthLink } from './types.ts'

/**
 * The link that keeps a session: put it first.
 *
 * - The auth router's queries and mutations are sent one by one over plain HTTP, so that their cookies arrive, whatever link carries the rest.
 * - With a token store every operation is sent with a valid access token. It is refreshed shortly before it expires, or when an operation is
 *   refused as `AccessTokenExpired`: by one refresh for all calls, and for all tabs that share the store. Each refused operation is sent once more.
 * - `SessionExpired`, `SessionRevoked` and `TokenReuse` end the session. A network or a server that fails doesn't.
 * - A result of the auth router with the `status` `'tokens'` or `'signedIn'` starts a session, whichever operation or plug-in it is from.
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
  // Nothing inside depends on the router.
  return createLink(options as unknown as AnyAuthLinkOptions) as unknown as AuthLink<TRouter, TPath>
}

/** Makes the parts of the link. */
function createLink(options: AnyAuthLinkOptions) {
  const {
    tokens: store,
    path = 'auth',
    refreshEarly = 30,
    refreshTimeout = 10,
    onSessionChange,
    onStepUp = () => false,
  } = options
  const prefix = path && `${path}.`
  const early = refreshEarly * 1_000
  const timeout = refreshTimeout * 1_000
  const usesTokens = store !== undefined
  const byCookie = store?.tokenUrl !== undefined

  const headers = async (): Promise<Record<string, string>> => {
    const now = await keeper.load()
    return now ? { authorization: `Bearer ${now.accessToken}` } : {}
  }
  const send = createSend(options, headers)
  const sendInTime = sendWithin(timeout, send)
  const sendToken = byCookie ? sendWithin(timeout, sendToEndpoint(options, store.tokenUrl)) : sendInTime

  const announcer = createAnnouncer(usesTokens ? store.shared : `session.${path}`, (message) =>
    usesTokens ? 'sessionId' in message && keeper.receive(message) : true,
  )
  if (onSessionChange) announcer.subscribe(onSessionChange)
  const keeper = createKeeper({
    store: store ?? createTokenStore(),
    early,
    exchange: (now) =>
      sendToken(withoutToken(toMutation(`${prefix}token`, { refreshToken: now?.refreshToken }))) as Promise<
        TokenResponse<unknown>
      >, // what both return
    onChange: announcer.announce,
  })
  const { prepare, opens } = createPresenter(options, `${prefix}presentToken`)
  // With tokens it is the keeper that finds out.
  const refused = usesTokens ? () => {} : announcer.refused
  const parts = {
    send,
    sendInTime,
    sendToken,
    prefix,
    keeper,
    usesTokens,
    byCookie,
    announcer,
    refused,
    prepare,
    early,
    stepUp: createStepUp(onStepUp),
  }
  const own = createOwnOperations(parts)

  const link =
    () =>
    ({ op, next }: { readonly op: Operation; readonly next: (op: Operation) => Results }) =>
      own.has(op) ? once(() => own.send(op)) : runOperation(parts, next, op)
  return Object.assign(link, {
    tokens: keeper.load,
    headers,
    streamParams: async () =>
      (await keeper.load()) && {
        // What `streamTicket` returns.
        ticket: ((await own.send(toMutation(`${prefix}streamTicket`))) as { readonly ticket: string }).ticket,
      },
    socketParams: async () => opens(await keeper.fresh()),
    refresh: async () => {
      const now = await keeper.load()
      if (now) await keeper.renew(now)
    },
    subscribe: announcer.subscribe,
    close: announcer.close,
  })
}

/** Sends the auth router's own operations: over plain HTTP, with the app's headers and the access token. */
function createSend(options: AnyAuthLinkOptions, headers: () => Promise<Record<string, string>>): SendOperation {
  const link = httpLink<AnyTRPCRouter>({
    // Whether there is a transformer is decided by the router's type alone.
    ...(options as HTTPLinkOptions<AnyTRPCRouter['_def']['_config']['$types']>),
    headers: async ({ op }) => {
      const given = (typeof options.headers === 'function' ? await options.headers({ op }) : options.headers) ?? {}
      const own: HTTPHeaders =
        Symbol.iterator in given ? Object.fromEntries(given as Iterable<[string, string]>) : given // it has the method that makes it one
      return { ...own, ...(!op.context.needsNoToken && (await headers())) }
    },
  })
  return toSend(link({}))
}

/** One result as a link's observable. */
function once(run: () => Promise<unknown>): Results {
  return observable((observer) => {
    const tell = async () => {
      observer.next({ result: { type: 'data', data: await run() } })
      observer.complete()
    }
    tell().catch((error: unknown) => observer.error(TRPCClientError.from(Object(error))))
  })
}

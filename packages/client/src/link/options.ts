import type { getFetch, HTTPHeaders, HTTPLinkOptions, Operation, TRPCWebSocketClient } from '@trpc/client'
import type { AnyTRPCRouter, TRPCCombinedDataTransformer } from '@trpc/server'
import type { TokenStore } from '../tokens/store.ts'
import type { RouterSession, SessionChange } from '../types.ts'

/**
 * What {@link authLink} is told: `url`, `transformer`, `fetch` and `headers` as `httpLink` takes them, for the auth router's own calls,
 * and besides:
 */
export type AuthLinkOptions<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> = HTTPLinkOptions<
  TRouter['_def']['_config']['$types']
> &
  SessionOptions<RouterSession<TRouter, TPath>, TPath>

interface SessionOptions<TSession, TPath extends string> {
  /**
   * Where the auth router is mounted; `''` for `t.mergeRouters(appRouter, authRouter)`. Then the link knows the auth router's procedures by
   * their names (`signIn`, `session`, `sessions.list`, …).
   *
   * @default 'auth'
   */
  readonly path?: TPath
  /** Where the tokens live. Without a store the browser's session cookie is the session. */
  readonly tokens?: TokenStore
  /** The app's socket, where it has one and there are tokens: a renewed access token is presented on it. A function, for the socket needs this link first. */
  readonly socket?: () => TRPCWebSocketClient
  /** How many seconds before its end an access token is refreshed. Default 30, and never before its last quarter. */
  readonly refreshEarly?: number
  /**
   * After how many seconds a refresh, a sign-out or an `updateSession` that has no answer counts as failed by the network: others wait for
   * it no longer.
   *
   * @default 30
   */
  readonly refreshTimeout?: number
  /** Called when the session has changed: by a call of this client, in another tab, or because the server ended it. */
  readonly onSessionChange?: (change: SessionChange<TSession>) => void
}

/** The same for any router. */
export interface AnyAuthLinkOptions extends SessionOptions<unknown, string> {
  readonly url: string | URL
  readonly fetch?: Parameters<typeof getFetch>[0]
  readonly headers?: HTTPHeaders | ((options: { readonly op: Operation }) => HTTPHeaders | Promise<HTTPHeaders>)
  readonly transformer?: TRPCCombinedDataTransformer['input'] | TRPCCombinedDataTransformer
}

import type { getFetch, HTTPHeaders, HTTPLinkOptions, Operation, TRPCWebSocketClient } from '@trpc/client'
import type { AnyTRPCRouter, TRPCCombinedDataTransformer } from '@trpc/server'
import type { TokenStore } from '../tokens/store.ts'
import type { RouterSession, SessionChange, StepUpRequest } from '../types.ts'

/** Options of `authLink`: those of `httpLink` (`url`, `transformer`, `fetch`, `headers`) for the auth router's own calls, and how the session is kept. */
export type AuthLinkOptions<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> = HTTPLinkOptions<
  TRouter['_def']['_config']['$types']
> &
  SessionOptions<RouterSession<TRouter, TPath>, TPath>

interface SessionOptions<TSession, TPath extends string> {
  /**
   * The key under which the auth router is mounted, with dots if it is nested (`'account.auth'`); `''` for
   * `t.mergeRouters(appRouter, authRouter)`. In a merged router the link knows the library's own procedures by their names (`signIn`,
   * `session`, `sessions.list`, …), and no plug-in's.
   *
   * @default 'auth'
   */
  readonly path?: TPath
  /**
   * Where the tokens are kept: a store made by `createTokenStore`, or one of your own. With it every sign-in asks the server for tokens.
   *
   * @default none: the session is a cookie, which the browser keeps
   */
  readonly tokens?: TokenStore
  /**
   * The app's socket, if it has one: each new access token is presented on it, so that its streams go on. A function, because the socket
   * needs this link first (`connectionParams: auth.socketParams`). Not used without `tokens`.
   *
   * @default none
   */
  readonly socket?: () => TRPCWebSocketClient
  /**
   * How many seconds before its end an access token is refreshed, but never before the last quarter of its life.
   *
   * @default 30
   */
  readonly refreshEarly?: number
  /**
   * After how many seconds a refresh, a sign-out or an `updateSession` without a response is aborted, as if the network had failed. Other calls
   * and tabs wait for no longer than that. The server may have rotated the refresh token all the same, and takes the one before for
   * `tokens.reuseWindow` (30 seconds): this must be a fraction of that, or the next refresh comes too late and ends the session.
   *
   * @default 10
   */
  readonly refreshTimeout?: number
  /**
   * Called when the session has changed: by a call of this client, in another tab, or because the server ended it.
   *
   * @default nothing is called; `subscribe` of the link listens later
   */
  readonly onSessionChange?: (change: SessionChange<TSession>) => void
  /**
   * Called when a call is refused as `StepUpRequired`: asks the person for what is missing, a password, a code or a passkey, and sends it with a
   * call of the auth router. `true`: the refused call is sent once more. Called once for any number of calls that are refused at the same time.
   * Needs `authErrorFormatter` on the server.
   *
   * @default the call fails
   * @example onStepUp: async ({ factor }) => (factor === 'mfa' ? askForCode() : askForPassword())
   */
  readonly onStepUp?: (request: StepUpRequest) => boolean | Promise<boolean>
}

/** The same options for any router. */
export interface AnyAuthLinkOptions extends SessionOptions<unknown, string> {
  readonly url: string | URL
  readonly fetch?: Parameters<typeof getFetch>[0]
  readonly headers?: HTTPHeaders | ((options: { readonly op: Operation }) => HTTPHeaders | Promise<HTTPHeaders>)
  readonly transformer?: TRPCCombinedDataTransformer['input'] | TRPCCombinedDataTransformer
}

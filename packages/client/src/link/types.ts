import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import type { Tokens } from '../tokens/tokens.ts'
import type { RouterSession, SessionChange } from '../types.ts'

/** What a link's `headers` callback is handed: one operation, or those of a batch. */
export type HeadersInfo = { readonly op: Operation } | { readonly opList: readonly Operation[] }

/** The link, with what the app's other links need from it. */
export interface AuthLink<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> extends TRPCLink<TRouter> {
  /** For the `headers` of the terminating link: the access token, where there is one. */
  readonly headers: (info?: HeadersInfo) => Promise<Record<string, string>>
  /** For the `connectionParams` of `httpSubscriptionLink`: a ticket for one stream, where there is a token store. */
  readonly streamParams: () => Promise<Record<string, string> | null>
  /** For the `connectionParams` of `createWSClient`: the access token, in the socket's first message and in no URL. */
  readonly socketParams: () => Promise<Record<string, string> | null>
  /** The tokens as they are now; null without a session or a store. */
  readonly tokens: () => Promise<Tokens | null>
  /** Refreshes now, whatever is left of the access token. @throws TRPCClientError with the kind of the refusal */
  readonly refresh: () => Promise<void>
  /** Listens to changes of the session, as `onSessionChange` does. Answers a function that stops it. */
  readonly subscribe: (listener: (change: SessionChange<RouterSession<TRouter, TPath>>) => void) => () => void
  /** Stops listening to other tabs. For tests, and pages that replace their client. */
  readonly close: () => void
}

import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import type { Tokens } from '../tokens/tokens.ts'
import type { RouterSession, SessionChange } from '../types.ts'

/** What a link passes to its `headers` callback: one operation, or those of a batch. */
export type HeadersInfo = { readonly op: Operation } | { readonly opList: readonly Operation[] }

/** The link of `authLink`, with what the app's other links need from it. */
export interface AuthLink<TRouter extends AnyTRPCRouter, TPath extends string = 'auth'> extends TRPCLink<TRouter> {
  /**
   * For the `headers` of the terminating link.
   *
   * @returns `authorization` with the access token; nothing without a session or a token store
   */
  readonly headers: (info?: HeadersInfo) => Promise<Record<string, string>>
  /**
   * For the `connectionParams` of `httpSubscriptionLink`. Asks the server for a ticket, which opens one stream.
   *
   * @returns null without a session or a token store
   * @throws TRPCClientError if the server gives none
   */
  readonly streamParams: () => Promise<Record<string, string> | null>
  /**
   * For the `connectionParams` of `createWSClient`: the access token, which is sent in the socket's first message and in no URL.
   *
   * @returns null without a session or a token store
   * @throws TRPCClientError if the access token has expired and can't be refreshed
   */
  readonly socketParams: () => Promise<Record<string, string> | null>
  /**
   * The tokens as they are now, perhaps about to expire; null without a session or a token store.
   *
   * @throws whatever the store's `read` throws
   */
  readonly tokens: () => Promise<Tokens | null>
  /**
   * Refreshes the access token now, even if it is still valid. Does nothing without a session or a token store.
   *
   * @throws TRPCClientError if the refresh is refused or fails; `readErrorKind` reads why
   */
  readonly refresh: () => Promise<void>
  /**
   * Listens to changes of the session, as `onSessionChange` does.
   *
   * @returns a function that stops listening
   */
  readonly subscribe: (listener: (change: SessionChange<RouterSession<TRouter, TPath>>) => void) => () => void
  /** Stops listening to other tabs. For tests, and for pages that replace their client. */
  readonly close: () => void
}

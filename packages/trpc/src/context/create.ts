import type { Auth, AuthContext, AuthTypes } from '@latchkey/core'
import { createRequestAuth, type RequestAuth } from './request-auth.ts'
import { type AuthContextSource, checkContextSource } from './request.ts'

/** What an app's context must hold for this library's procedures: one key. */
export interface AuthRouterContext<in out U extends AuthTypes = AuthTypes> {
  /** What this request may ask about its session. */
  readonly auth: AuthContext<U>
}

/** What `authContext` takes besides what the adapter hands over. */
export interface AuthContextOptions {
  /**
   * Looks the session up before the headers of a streamed response leave (`httpBatchStreamLink`, subscriptions), so that one
   * that is due for it is extended there too. It takes one look-up for every streamed request that carries a session, public
   * procedures included, and changes nothing for other requests. Never throws: what goes wrong meets the procedures that ask.
   *
   * @default false: a session is extended by the next request that isn't streamed
   */
  readonly eager?: boolean
  /**
   * The client's address, if the adapter has no socket to read it from (Fetch): sign-in attempts are counted by it.
   *
   * @default the peer of the request's socket
   */
  readonly address?: string | undefined
}

/** Makes `{ auth }` of whatever an adapter hands to `createContext`. */
export interface CreateAuthContext<in out U extends AuthTypes = AuthTypes> {
  /**
   * Makes `{ auth }`, and looks the session up before the headers of a streamed response leave.
   *
   * @example const createContext = async (opts: CreateHTTPContextOptions) => ({ ...(await authContext(opts, { eager: true })), db })
   */
  (from: AuthContextSource, options: AuthContextOptions & { readonly eager: true }): Promise<AuthRouterContext<U>>
  /**
   * Makes `{ auth }` of whatever an adapter hands to `createContext`. It does no work until a procedure asks.
   *
   * @throws AuthError `Configuration` if it isn't what an adapter of tRPC hands over
   *
   * @example const createContext = (opts: CreateHTTPContextOptions) => ({ ...authContext(opts), db })
   */
  // Last, so that `ReturnType<typeof authContext>` is this one's.
  (from: AuthContextSource, options?: AuthContextOptions & { readonly eager?: false }): AuthRouterContext<U>
}

export function createAuthContext<U extends AuthTypes>(auth: Auth<U>): CreateAuthContext<U> {
  const Request = createRequestAuth(auth)
  function authContext(
    from: AuthContextSource,
    options?: AuthContextOptions & { readonly eager?: false },
  ): AuthRouterContext<U>
  function authContext(
    from: AuthContextSource,
    options: AuthContextOptions & { readonly eager: true },
  ): Promise<AuthRouterContext<U>>
  function authContext(
    from: AuthContextSource,
    options?: AuthContextOptions,
  ): AuthRouterContext<U> | Promise<AuthRouterContext<U>> {
    checkContextSource(from)
    const request = new Request(auth, from, options?.address)
    return options?.eager ? afterLookUp(request) : toContext(request)
  }
  return authContext
}

async function afterLookUp<U extends AuthTypes>(request: RequestAuth<U>): Promise<AuthRouterContext<U>> {
  await request.lookUpEarly()
  return toContext(request)
}

/** The operations are methods of its class (`createRequestAuth`), which the compiler doesn't see. */
function toContext<U extends AuthTypes>(request: RequestAuth<U>): AuthRouterContext<U> {
  return { auth: request as unknown as AuthContext<U> }
}

import type {
  AuthTypes,
  ProviderInfo,
  SessionInfo,
  SignInResult,
  SignOutInput,
  SignOutResult,
  TokenResponse,
  UpdateInput,
  UpdateResult,
} from '@latchkey/core'
import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'

type Query<TOutput> = TRPCQueryProcedure<{ input: void; output: TOutput; meta: object }>
type Subscription<TOutput> = TRPCSubscriptionProcedure<{
  input: void
  output: AsyncIterable<TOutput, void, unknown>
  meta: object
}>
type Mutation<TInput, TOutput> = TRPCMutationProcedure<{ input: TInput; output: TOutput; meta: object }>

/** The root that our procedures stand on: no transformer and no formatter, so that the app's apply (trpc-facts 1, 3). */
export interface AuthRoot<in out U extends AuthTypes = AuthTypes> {
  ctx: AuthRouterContext<U>
  meta: object
  errorShape: TRPCDefaultErrorShape
  transformer: false
}

/**
 * The session as the session callback shapes it. If a package manager keeps packages apart, a declaration may name `@latchkey/core`
 * in a package that lacks it: TypeScript then takes every type of it for `any`, silently under `skipLibCheck`. So that nobody works
 * with a session that is `any`, its type says what to do.
 */
type Shaped<U extends AuthTypes> = [1] extends [0 & U['shaped']] ? Untyped : U['shaped'] // 0 and 1 at once is only `any`
type Untyped =
  'add @latchkey/core to the dependencies of the package that emits this declaration, or give the session callback a return type'

/**
 * The procedures that this library adds, under whatever key an app mounts them. (A type alias, not an interface: tRPC's records need
 * an implicit index signature.)
 */
export type AuthProcedures<U extends AuthTypes = AuthTypes> = {
  /** The session as the session callback shapes it, or null. */
  session: Query<Shaped<U> | null>
  /** Signs in through one of the configured providers. */
  signIn: Mutation<U['signIn'], SignInResult<Shaped<U>, U['answers']>>
  /** Ends this session, or with `everywhere` all of the person's; works without one too. */
  signOut: Mutation<SignOutOf<U> | undefined, SignOutResult>
  /**
   * The session now, and again whenever it changes; null and the end when it is over. Over server-sent events and sockets, authenticated
   * by the cookie or by a ticket.
   */
  onSessionChange: Subscription<Shaped<U> | null>
  /** A ticket that opens one stream or socket for this session, as `connectionParams: { ticket }`, within the next seconds. */
  streamTicket: Mutation<void, { readonly ticket: string; readonly expiresIn: number }>
  /** How one can sign in. */
  providers: Query<readonly ProviderInfo[]>
} & UpdateProcedures<U> &
  SessionsProcedures<U> &
  TokenProcedures<U>

/** What a configuration can't do isn't there to be asked for. */
type SignOutOf<U extends AuthTypes> = [U['tokens']] extends [false]
  ? [U['sessions']] extends [false]
    ? Readonly<Record<string, never>>
    : Pick<SignOutInput, 'everywhere'>
  : [U['sessions']] extends [false]
    ? Omit<SignOutInput, 'everywhere'>
    : SignOutInput

type TokenProcedures<U extends AuthTypes> = [U['tokens']] extends [false]
  ? {}
  : {
      /** Exchanges a refresh token for a new pair (RFC 6749 section 6). */
      token: Mutation<{ readonly refreshToken: string }, TokenResponse<Shaped<U>>>
      /**
       * On a socket: makes this access token, or none, what its further calls are authenticated by. `authLink` calls it when it has
       * refreshed, so that streams on the socket go on.
       */
      presentToken: Mutation<{ readonly accessToken?: string | null | undefined }, { presented: boolean }>
    }

type UpdateProcedures<U extends AuthTypes> = [U['update']] extends [never]
  ? {}
  : {
      /** Changes declared claims of the session, by the configuration's `update` schema. */
      updateSession: Mutation<UpdateInput<U>, UpdateResult<U>>
    }

type SessionsProcedures<U extends AuthTypes> = [U['sessions']] extends [false]
  ? {}
  : {
      sessions: {
        /** The person's sessions, newest first. */
        list: Query<readonly SessionInfo[]>
        /** Ends one of them, by its public id. */
        revoke: Mutation<{ readonly id: string }, { revoked: true }>
        /** Ends all but this one, and answers how many. */
        revokeOthers: Mutation<void, { revoked: number }>
      }
    }

/** The router to mount: `t.router({ auth: authRouter })`. */
export type AuthRouter<U extends AuthTypes = AuthTypes> = TRPCBuiltRouter<AuthRoot<U>, AuthProcedures<U>>

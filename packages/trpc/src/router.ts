import {
  AuthError,
  type AuthContext,
  type AuthFeatures,
  type AuthTypes,
  type ProviderInfo,
  type SessionInfo,
  type SignInResult,
  type TokenResponse,
  type UpdateInput,
  type UpdateResult,
} from '@latchkey/core'
import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMiddlewareFunction,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCRouterBuilder,
  TRPCRouterRecord,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { AuthRouterContext } from './context/create.ts'
import { readEngine, RequestAuth } from './context/request-auth.ts'
import { toTRPCError } from './errors.ts'
import { SIGNED_IN } from './guards/create.ts'
import { createProcedure } from './guards/guard.ts'
import type { BaseProcedure } from './guards/types.ts'
import { asTRPCErrors } from './live/as-trpc-errors.ts'
import { sessionChanges } from './live/session-changes.ts'

type Query<TOutput> = TRPCQueryProcedure<{ input: void; output: TOutput; meta: object }>
type Subscription<TOutput> = TRPCSubscriptionProcedure<{
  input: void
  output: AsyncIterable<TOutput, void, unknown>
  meta: object
}>
type Mutation<TInput, TOutput> = TRPCMutationProcedure<{ input: TInput; output: TOutput; meta: object }>

/** The root that our procedures stand on: no transformer and no formatter, so that the app's apply (trpc-facts 1, 3). */
export interface AuthRoot<U extends AuthTypes = AuthTypes> {
  ctx: AuthRouterContext<U>
  meta: object
  errorShape: TRPCDefaultErrorShape
  transformer: false
}

/**
 * The procedures that this library adds, under whatever key an app mounts them. (A type alias, not an interface: tRPC's records need
 * an implicit index signature.)
 */
export type AuthProcedures<U extends AuthTypes = AuthTypes> = {
  /** The session as the session callback shapes it, or null. */
  session: Query<U['shaped'] | null>
  /** Signs in through one of the configured providers. */
  signIn: Mutation<U['signIn'], SignInResult<U['shaped']>>
  /** Ends this session, or with `everywhere` all of the person's; works without one too. */
  signOut: Mutation<SignOutInput<U> | undefined, { signedOut: true }>
  /**
   * The session now, and again whenever it changes; null and the end when it is over. Over server-sent events and sockets, authenticated
   * by the cookie or by a ticket.
   */
  onSessionChange: Subscription<U['shaped'] | null>
  /** A ticket that opens one stream or socket for this session, as `connectionParams: { ticket }`, within the next seconds. */
  streamTicket: Mutation<void, { readonly ticket: string; readonly expiresIn: number }>
  /** How one can sign in. */
  providers: Query<readonly ProviderInfo[]>
} & UpdateProcedures<U> &
  SessionsProcedures<U> &
  TokenProcedures<U>

type SignOutInput<U extends AuthTypes> = {
  /** Ends all of the person's sessions. */
  readonly everywhere?: boolean | undefined
} & ([U['tokens']] extends [false] ? unknown : { readonly refreshToken?: string | undefined })

type TokenProcedures<U extends AuthTypes> = [U['tokens']] extends [false]
  ? {}
  : {
      /** Exchanges a refresh token for a new pair (RFC 6749 section 6). */
      token: Mutation<{ readonly refreshToken: string }, TokenResponse<U['shaped']>>
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

/** What the procedures are built with. */
export interface RouterParts {
  readonly router: TRPCRouterBuilder<AuthRoot>
  readonly base: BaseProcedure
  readonly features: AuthFeatures
}

export function createRouter<U extends AuthTypes>({ router, base, features }: RouterParts): AuthRouter<U> {
  const open = base.use(checkOrigin)
  const signedIn = createProcedure(base, SIGNED_IN)
  const record: TRPCRouterRecord = {
    session: base.query(({ ctx }) => ask(ctx, (auth) => auth.clientSession())),
    signIn: open.input(readObject).mutation(({ ctx, input }) => ask(ctx, (auth) => auth.signIn(input))),
    signOut: open
      .use(allowNoBody)
      .input(readSignOut)
      .mutation(({ ctx, input }) => ask(ctx, (auth) => auth.signOut(input))),
    onSessionChange: base.subscription(({ ctx, signal }) => asTRPCErrors(sessionChanges(readEngine(ctx), signal))),
    streamTicket: signedIn.mutation(({ ctx }) => ask(ctx, (auth) => auth.ticket())),
    providers: base.query(({ ctx }) => ask(ctx, (auth) => auth.providers())),
    ...(features.update && {
      updateSession: signedIn.input(readObject).mutation(({ ctx, input }) => ask(ctx, (auth) => auth.update(input))),
    }),
    ...(features.tokens && {
      // No origin is asked for: the token is in the body, and no browser adds it by itself (T6).
      token: base.input(readRefreshToken).mutation(({ ctx, input }) => ask(ctx, (auth) => auth.refresh(input))),
    }),
    ...(features.sessions && {
      sessions: {
        list: signedIn.query(({ ctx }) => ask(ctx, (auth) => auth.listSessions())),
        revoke: signedIn.input(readId).mutation(({ ctx, input }) => ask(ctx, (auth) => auth.revokeSession(input.id))),
        revokeOthers: signedIn.mutation(({ ctx }) => ask(ctx, (auth) => auth.revokeOtherSessions())),
      },
    }),
  }
  // What exists is decided here by features and in the type by U (trpc-facts 24): the one mirrors the other.
  return router(record) as unknown as AuthRouter<U>
}

async function ask<T>(ctx: AuthRouterContext, question: (auth: AuthContext) => T | Promise<T>): Promise<T> {
  try {
    return await question(readEngine(ctx))
  } catch (error) {
    throw toTRPCError(error)
  }
}

/** A middleware that adds nothing to the context. */
type AuthStep = TRPCMiddlewareFunction<AuthRouterContext, object, object, object, unknown>

/** Before anything of the body is read (C8): tRPC runs a form that another site posts, and parses it first (trpc-facts 15). */
const checkOrigin: AuthStep = async ({ ctx, next }) => {
  await ask(ctx, (auth) => auth.checkOrigin())
  return next()
}

/** A call without input has no body over `httpLink`, which tRPC takes for broken JSON. */
const allowNoBody: AuthStep = ({ ctx, getRawInput, next }) =>
  next({
    getRawInput: async () => {
      try {
        return await getRawInput()
      } catch (error) {
        if (ctx.auth instanceof RequestAuth && !ctx.auth.hasBody) return undefined
        throw error
      }
    },
  })

/** An object of fields; the engine checks them by the provider's or the configuration's schema. A form's data is none, and is refused (T01). */
function readObject(input: unknown): object {
  if (Object.prototype.toString.call(input) !== '[object Object]') throw new AuthError('InvalidInput')
  return input as object // its tag says so
}

function readSignOut(input: unknown): { readonly everywhere?: boolean; readonly refreshToken?: string | undefined } {
  if (input === undefined || input === null) return {}
  const { everywhere, refreshToken }: { readonly everywhere?: unknown; readonly refreshToken?: unknown } =
    readObject(input)
  if (everywhere !== undefined && typeof everywhere !== 'boolean') throw new AuthError('InvalidInput')
  if (refreshToken !== undefined && typeof refreshToken !== 'string') throw new AuthError('InvalidInput')
  return { everywhere: everywhere ?? false, refreshToken }
}

function readRefreshToken(input: unknown): { readonly refreshToken: string } {
  const { refreshToken }: { readonly refreshToken?: unknown } = readObject(input)
  if (typeof refreshToken !== 'string' || refreshToken === '') throw new AuthError('InvalidInput')
  return { refreshToken }
}

function readId(input: unknown): { readonly id: string } {
  const { id }: { readonly id?: unknown } = readObject(input)
  if (typeof id !== 'string') throw new AuthError('InvalidInput')
  return { id }
}

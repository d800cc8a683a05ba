import type { AuthTypes, Awaitable, Duration, Session } from '@latchkey/core'
import type { TRPCMiddlewareFunction, TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import type { ClaimValue } from './requirement.ts'

/** What a guard adds to the context of the procedures behind it. */
export type SessionContext<U extends AuthTypes = AuthTypes> = { readonly session: Session<U> }

/**
 * A procedure to `concat`: `t.procedure.concat(protectedProcedure)`. Eight arguments on purpose: tRPC added a ninth, with a default,
 * and a declaration that names it loses the session on an app's older tRPC (trpc-facts 4).
 */
export type AuthProcedure<U extends AuthTypes = AuthTypes> = GuardProcedure<AuthRouterContext<U>, SessionContext<U>>

/** {@link AuthProcedure} for a context that holds more than `auth`: what a condition of the app's own may ask for. */
export type ConditionProcedure<U extends AuthTypes, TContext> = GuardProcedure<TContext, SessionContext<U>>

type GuardProcedure<TContext, TAdded> = TRPCProcedureBuilder<
  TContext,
  object,
  TAdded,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false
>

/** The procedure builder that guards are made from. */
export type BaseProcedure = GuardProcedure<AuthRouterContext, object>

/** The same guard for `t.procedure.use(…)`. */
export type AuthMiddleware<
  U extends AuthTypes = AuthTypes,
  TContext extends AuthRouterContext<U> = AuthRouterContext<U>,
  TInput = unknown,
> = TRPCMiddlewareFunction<TContext, object, object, SessionContext<U>, TInput>

/**
 * For people who have one of these roles, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`. Names are compared
 * exactly. Two such guards on one procedure both count.
 *
 * @throws AuthError `Configuration` where a name isn't declared
 *
 * @example t.procedure.concat(requireRole('admin', 'editor'))
 */
export interface RequireRole<U extends AuthTypes = AuthTypes> {
  (...roles: readonly [U['role'], ...U['role'][]]): AuthProcedure<U>
  /** @example t.procedure.use(requireRole.middleware('admin')) */
  readonly middleware: (...roles: readonly [U['role'], ...U['role'][]]) => AuthMiddleware<U>
}

/** What a claim must be: the same value, or one that a predicate accepts. A predicate is asked only where the claim is there. */
export type ClaimTest<TClaim> =
  Extract<TClaim, ClaimValue> | ((value: Exclude<TClaim, undefined>) => Awaitable<boolean>)

/**
 * For people whose session has this claim with this value, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`.
 *
 * @example t.procedure.concat(requireClaim('org', 'acme'))
 * @example t.procedure.concat(requireClaim('plan', (plan) => plan !== 'free'))
 */
export interface RequireClaim<U extends AuthTypes = AuthTypes> {
  <TKey extends keyof U['claims'] & string>(key: TKey, test: ClaimTest<U['claims'][TKey]>): AuthProcedure<U>
  readonly middleware: <TKey extends keyof U['claims'] & string>(
    key: TKey,
    test: ClaimTest<U['claims'][TKey]>,
  ) => AuthMiddleware<U>
}

export interface ConditionParams<U extends AuthTypes = AuthTypes, TContext = AuthRouterContext<U>, TInput = unknown> {
  readonly session: Session<U>
  /** What the parsers before this guard made of the input; undefined where none stands before it. */
  readonly input: TInput
  readonly ctx: TContext
}

/**
 * For whom a check of the app's own says yes, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`. Whatever isn't
 * `true` denies: a throw, another value or no answer within five seconds is logged and denies too. Only an `AuthError` or a
 * `TRPCError` that it throws reaches the client.
 *
 * Typed with the app's own context, it can be put only where that context is.
 *
 * @example t.procedure.concat(requireCondition('office hours', () => isOfficeOpen()))
 * @example t.procedure.input(z.object({ id: z.string() })).use(requireCondition.middleware('own post', ({ session, input }: { session: AppSession; input: { id: string } }) => owns(session.user.id, input.id)))
 */
export interface RequireCondition<U extends AuthTypes = AuthTypes> {
  <TContext extends AuthRouterContext<U> = AuthRouterContext<U>>(
    name: string,
    check: (params: ConditionParams<U, TContext>) => Awaitable<boolean>,
  ): ConditionProcedure<U, TContext>
  readonly middleware: <TContext extends AuthRouterContext<U> = AuthRouterContext<U>, TInput = unknown>(
    name: string,
    check: (params: ConditionParams<U, TContext, TInput>) => Awaitable<boolean>,
  ) => AuthMiddleware<U, TContext, TInput>
}

export interface FreshOptions {
  /**
   * How long ago the sign-in may be.
   *
   * @default the configuration's `session.freshAge`
   */
  readonly maxAge?: Duration
}

/**
 * For people who signed in recently, else `FORBIDDEN` (`StepUpRequired`): before an e-mail address changes, an account is deleted.
 * Includes `protectedProcedure`. A session that doesn't say when it began is never fresh.
 *
 * @example t.procedure.concat(requireFresh({ maxAge: '5m' }))
 */
export interface RequireFresh<U extends AuthTypes = AuthTypes> {
  (options?: FreshOptions): AuthProcedure<U>
  readonly middleware: (options?: FreshOptions) => AuthMiddleware<U>
}

/** All guards of one configuration. Each is one self-sufficient middleware. */
export interface AuthGuards<U extends AuthTypes = AuthTypes> {
  /**
   * A procedure for signed-in people: without a session it fails with `UNAUTHORIZED` and the kind that says why; behind it
   * `ctx.session` is never null.
   *
   * @example t.procedure.concat(protectedProcedure)
   */
  readonly protectedProcedure: AuthProcedure<U>
  /**
   * The same for `use`. (Beside it, not on it: tRPC infers what a plugin adds from exactly its own builder type.)
   *
   * @example t.procedure.use(protectedMiddleware)
   */
  readonly protectedMiddleware: AuthMiddleware<U>
  /**
   * {@link AuthGuards.protectedProcedure} by the name that says what it does to a subscription: the stream ends with the session, within a
   * second, with `UNAUTHORIZED` and `SessionRevoked` or `SessionExpired`. Any guard here does so; one that asks for a role, a claim or a
   * condition asks again whenever the session changes, and ends the stream when it no longer agrees. A source that is waiting for
   * something of its own is closed when that comes.
   *
   * @example t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx, signal }) { … })
   */
  readonly protectedSubscription: AuthProcedure<U>
  readonly requireRole: RequireRole<U>
  readonly requireClaim: RequireClaim<U>
  readonly requireCondition: RequireCondition<U>
  readonly requireFresh: RequireFresh<U>
}

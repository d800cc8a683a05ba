import type { Awaitable, Duration, Session } from '@latchkey/core'
import type { TRPCMiddlewareFunction, TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { ClaimValue } from './requirement.ts'

/** What a guard asks of an app's context: `auth`, which knows whose session it is. */
export interface GuardContext<TSession extends Session = Session> {
  /** Made by `authContext`. */
  readonly auth: { /** The session, or why there is none. */ readonly requireSession: () => Promise<TSession> }
}

/** What a guard adds to the context of the procedures behind it. */
export type SessionContext<TSession extends Session = Session> = {
  /** The session of the person who calls: behind a guard it is never null. */
  readonly session: TSession
}

/**
 * A procedure to `concat`: `t.procedure.concat(protectedProcedure)`. Eight arguments on purpose: tRPC added a ninth, with a default,
 * and a declaration that names it loses the session on an app's older tRPC.
 */
export type AuthProcedure<TSession extends Session = Session> = ConditionProcedure<TSession, GuardContext<TSession>>

/** {@link AuthProcedure} for a context that holds more than `auth`: what a condition of the app's own may ask for. */
export type ConditionProcedure<TSession extends Session, TContext> = TRPCProcedureBuilder<
  TContext,
  object,
  SessionContext<TSession>,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false
>

/** The same guard for `t.procedure.use(…)`. */
export type AuthMiddleware<TSession extends Session = Session> = ConditionMiddleware<TSession, GuardContext<TSession>>

/** {@link AuthMiddleware} for a context that holds more than `auth`, and behind parsers: what a condition of the app's own may ask for. */
export type ConditionMiddleware<TSession extends Session, TContext, TInput = unknown> = TRPCMiddlewareFunction<
  TContext,
  object,
  object,
  SessionContext<TSession>,
  TInput
>

/** One of the declared roles, and perhaps more. */
type Roles<TSession extends Session> = readonly [TSession['roles'][number], ...TSession['roles'][number][]]

/** Makes guards for people with a role, in the two forms that tRPC takes. */
export interface RequireRole<TSession extends Session = Session> {
  /**
   * For people who have one of these roles, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`. Names are compared
   * exactly. Two such guards on one procedure both count.
   *
   * @throws AuthError `Configuration` if a name isn't declared
   *
   * @example t.procedure.concat(requireRole('admin', 'editor'))
   */
  (...roles: Roles<TSession>): AuthProcedure<TSession>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireRole(…)` for `use`: for people who have one of these roles, else `FORBIDDEN` (`AccessDenied`).
     *
     * @throws AuthError `Configuration` if a name isn't declared
     *
     * @example t.procedure.use(requireRole.middleware('admin'))
     */
    (...roles: Roles<TSession>): AuthMiddleware<TSession>
  }
}

/** What a claim must be: the same value, or one that a predicate accepts. A predicate is asked only if the claim is there. */
export type ClaimTest<TClaim> =
  Extract<TClaim, ClaimValue> | ((value: Exclude<TClaim, undefined>) => Awaitable<boolean>)

/** The names of the declared claims. */
type ClaimName<TSession extends Session> = keyof TSession['claims'] & string

/** Makes guards for people whose session has a claim, in the two forms that tRPC takes. */
export interface RequireClaim<TSession extends Session = Session> {
  /**
   * For people whose session has this claim with this value, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`.
   *
   * @throws AuthError `Configuration` if the value is neither a string, number, boolean or null nor a predicate
   *
   * @example t.procedure.concat(requireClaim('org', 'acme'))
   * @example t.procedure.concat(requireClaim('plan', (plan) => plan !== 'free'))
   */
  <TKey extends ClaimName<TSession>>(key: TKey, test: ClaimTest<TSession['claims'][TKey]>): AuthProcedure<TSession>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireClaim(…)` for `use`: for people whose session has this claim with this value, else `FORBIDDEN` (`AccessDenied`).
     *
     * @throws AuthError `Configuration` if the value is neither a string, number, boolean or null nor a predicate
     *
     * @example t.procedure.use(requireClaim.middleware('org', 'acme'))
     */
    <TKey extends ClaimName<TSession>>(key: TKey, test: ClaimTest<TSession['claims'][TKey]>): AuthMiddleware<TSession>
  }
}

/** What the check of a `requireCondition` receives. */
export interface ConditionParams<
  TSession extends Session = Session,
  TContext = GuardContext<TSession>,
  TInput = unknown,
> {
  /** The session of the person who calls. */
  readonly session: TSession
  /** What the parsers before this guard made of the input; undefined if none stands before it. */
  readonly input: TInput
  /** The context of the app, as far as the check says that it needs it. */
  readonly ctx: TContext
}

/** Makes guards from checks of the app's own, in the two forms that tRPC takes. */
export interface RequireCondition<TSession extends Session = Session> {
  /**
   * For people of whom a check of the app's own says `true`, else `FORBIDDEN` (`AccessDenied`); includes `protectedProcedure`. Whatever
   * isn't `true` denies: a throw, another value or no result within five seconds is logged and denies too. Only an `AuthError` or a
   * `TRPCError` that it throws reaches the client.
   *
   * A check may say which context it needs; the guard then fits only a procedure with that context.
   *
   * @example t.procedure.concat(requireCondition('office hours', () => isOfficeOpen()))
   */
  <TContext extends GuardContext<TSession> = GuardContext<TSession>>(
    name: string,
    check: (params: ConditionParams<TSession, TContext>) => Awaitable<boolean>,
  ): ConditionProcedure<TSession, TContext>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireCondition(…)` for `use`: its check may also ask for the input that the parsers before it made.
     *
     * @example t.procedure.input(z.object({ id: z.string() })).use(requireCondition.middleware('own post', ({ session, input }: { session: AppSession; input: { id: string } }) => owns(session.user.id, input.id)))
     */
    <TContext extends GuardContext<TSession> = GuardContext<TSession>, TInput = unknown>(
      name: string,
      check: (params: ConditionParams<TSession, TContext, TInput>) => Awaitable<boolean>,
    ): ConditionMiddleware<TSession, TContext, TInput>
  }
}

/** Makes guards that admit credentials of plug-ins, in the two forms that tRPC takes. */
export interface RequireScope<TSession extends Session = Session> {
  /**
   * For callers with a credential of a plug-in that has this scope (an API key, say), or with a session, for people may do whatever
   * their credentials may. Without the scope `FORBIDDEN` (`InsufficientScope`). It is the only guard that admits such a credential; combined
   * with another guard, that one refuses it (`NotASession`).
   *
   * Behind it `ctx.session` is the caller: `ctx.session.via` says by what they are known. For a rule about roles or claims read them there.
   *
   * @throws AuthError `Configuration` if the scope is empty
   *
   * @example t.procedure.concat(requireScope('posts:read'))
   */
  (scope: string): ConditionProcedure<TSession, ScopeContext<TSession>>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireScope(…)` for `use`: for callers with a credential that has this scope, or with a session, else `FORBIDDEN` (`InsufficientScope`).
     *
     * @throws AuthError `Configuration` if the scope is empty
     *
     * @example t.procedure.use(requireScope.middleware('posts:read'))
     */
    (scope: string): ConditionMiddleware<TSession, ScopeContext<TSession>>
  }
}

/** What `requireScope` asks of an app's context. */
export interface ScopeContext<TSession extends Session = Session> {
  /** Made by `authContext`. */
  readonly auth: {
    /** The caller, or why there is none. */
    readonly requireCaller: () => Promise<TSession>
  }
}

/** What `requireFresh` takes. */
export interface FreshOptions {
  /**
   * How long ago the sign-in may be, in seconds or as text with a unit (`'5m'`).
   *
   * @default the configuration's `session.freshAge`
   */
  readonly maxAge?: Duration
}

/** Makes guards for people who signed in recently, in the two forms that tRPC takes. */
export interface RequireFresh<TSession extends Session = Session> {
  /**
   * For people who signed in recently, else `FORBIDDEN` (`StepUpRequired`): before an e-mail address changes, an account is deleted.
   * Includes `protectedProcedure`. A session that doesn't say when it began is never fresh.
   *
   * @throws AuthError `Configuration` if `maxAge` is no duration
   *
   * @example t.procedure.concat(requireFresh({ maxAge: '5m' }))
   */
  (options?: FreshOptions): AuthProcedure<TSession>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireFresh(…)` for `use`: for people who signed in recently, else `FORBIDDEN` (`StepUpRequired`).
     *
     * @throws AuthError `Configuration` if `maxAge` is no duration
     *
     * @example t.procedure.use(requireFresh.middleware({ maxAge: '5m' }))
     */
    (options?: FreshOptions): AuthMiddleware<TSession>
  }
}

/** What {@link RequireFactor} may ask for: `'mfa'`, or another word that a session's `amr` may hold. */
export type FactorName = 'mfa' | 'hwk' | 'otp' | (string & {})

/** Makes guards for people who have shown more than one factor, in the two forms that tRPC takes. */
export interface RequireFactor<TSession extends Session = Session> {
  /**
   * For people whose session was begun with this factor, by the names of RFC 8176, else `FORBIDDEN` (`StepUpRequired`, with `factor` in
   * `error.data`). `'mfa'`: with two of them, or a passkey that has checked the person. Includes `protectedProcedure`.
   *
   * @throws AuthError `Configuration` if the name is empty
   *
   * @example t.procedure.concat(requireFactor('mfa'))
   */
  (factor: FactorName): AuthProcedure<TSession>
  /** The same guard for `use`. */
  readonly middleware: {
    /**
     * `requireFactor(…)` for `use`: for people whose session was begun with this factor, else `FORBIDDEN` (`StepUpRequired`).
     *
     * @throws AuthError `Configuration` if the name is empty
     *
     * @example t.procedure.use(requireFactor.middleware('mfa'))
     */
    (factor: FactorName): AuthMiddleware<TSession>
  }
}

/** All guards of one configuration. Each is one self-sufficient middleware. */
export interface AuthGuards<TSession extends Session = Session> {
  /**
   * A procedure for signed-in people: without a session it fails with `UNAUTHORIZED` and the kind that says why; behind it
   * `ctx.session` is never null.
   *
   * @example t.procedure.concat(protectedProcedure)
   */
  readonly protectedProcedure: AuthProcedure<TSession>
  /**
   * The same for `use`. (Beside it, not on it: tRPC infers what a plugin adds from exactly its own builder type.)
   *
   * @example t.procedure.use(protectedMiddleware)
   */
  readonly protectedMiddleware: AuthMiddleware<TSession>
  /**
   * {@link AuthGuards.protectedProcedure} by the name that says what it does to a subscription: the stream ends with the session, within a
   * second, with `UNAUTHORIZED` and `SessionRevoked` or `SessionExpired`. Any guard here does so; one that asks for a role, a claim or a
   * condition asks again whenever the session changes, and ends the stream when it no longer agrees. A source that is waiting for
   * something of its own is closed when that comes.
   *
   * @example t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx, signal }) { … })
   */
  readonly protectedSubscription: AuthProcedure<TSession>
  /** For people who have one of these roles: `t.procedure.concat(requireRole('admin'))`. */
  readonly requireRole: RequireRole<TSession>
  /** For people whose session has this claim: `t.procedure.concat(requireClaim('org', 'acme'))`. */
  readonly requireClaim: RequireClaim<TSession>
  /** For people of whom a check of the app's own says `true`: `t.procedure.concat(requireCondition('office hours', isOfficeOpen))`. */
  readonly requireCondition: RequireCondition<TSession>
  /** For credentials of plug-ins with this scope, and for people: `t.procedure.concat(requireScope('posts:read'))`. */
  readonly requireScope: RequireScope<TSession>
  /** For people who have shown two factors: `t.procedure.concat(requireFactor('mfa'))`. */
  readonly requireFactor: RequireFactor<TSession>
  /** For people who signed in recently: `t.procedure.concat(requireFresh({ maxAge: '5m' }))`. */
  readonly requireFresh: RequireFresh<TSession>
}

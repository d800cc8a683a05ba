import { type Adapter, isSessionAdapter, type SessionAdapter } from './store/adapter.ts'
import type { AnyOptions, AuthOptions } from './config/options.ts'
import type { RequestSource } from './contract/request-source.ts'
import type { MountedOperation } from './contract/operation.ts'
import type { GuardQuestions } from './contract/questions.ts'
import { createBearer } from './bearer/bearer.ts'
import { revalidateAccess } from './bearer/revalidate-access.ts'
import { createConnections } from './request/connection.ts'
import { carriesCredential } from './request/credential.ts'
import { mountOperations } from './operations/mount.ts'
import { type AuthContext, createRequestOpener } from './operations/context.ts'
import { lookUpSession } from './request/look-up.ts'
import type { RequestEngine } from './request/engine.ts'
import { deleteUser, revokeUserSessions } from './request/users.ts'
import { endCallerStreams } from './request/watch-caller.ts'
import { createEngine } from './config/engine.ts'
import type { Logger } from './internal/logger.ts'
import { AuthError } from './errors.ts'
import { createHandler } from './http/handler.ts'
import { FetchSource } from './http/fetch-source.ts'
import { READ_ONLY_SINK } from './http/sink.ts'
import { createHub } from './bus/hub.ts'
import type { LiveEngine } from './live/session.ts'
import { withPluginClaims } from './plugins/claims.ts'
import { openChallenges } from './sign-in/challenges.ts'
import { installPlugins } from './plugins/install.ts'
import { createLiveSessions } from './live/sessions.ts'
import { createTickets } from './live/ticket.ts'
import { createDatabaseStrategy } from './session/database.ts'
import { createDecisions } from './session/decisions.ts'
import { createJwtStrategy } from './session/jwt.ts'
import { createOpenedTokens } from './session/opened.ts'
import { createRevocations } from './session/revocations.ts'
import type { ClientSession, Inferred, Session } from './contract/session.ts'
import { createAttempt } from './sign-in/attempt.ts'
import { openCounters } from './sign-in/counters.ts'
import { createDevices } from './sign-in/devices.ts'
import { createGuess } from './sign-in/guess.ts'
import { createLimit } from './sign-in/limit.ts'
import type { AnyProvider, ProviderAnswers, SignInInput } from './contract/provider.ts'
import type { AuthTypes } from './contract/auth-types.ts'
import type { AnyPlugin } from './contract/plugin.ts'
import type { AccountsOf, AnswersOf, ClaimsOf, SignInOf } from './contract/plugin-types.ts'

/**
 * Makes the engine of an app's authentication from one configuration, and infers from it the roles, the claims, the session that
 * clients get and what `signIn` takes.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example
 * export const auth = createAuth({
 *   secret: process.env.AUTH_SECRET!,
 *   roles: ['member', 'admin'],
 *   claims: { org: z.string() },
 *   providers: [
 *     credentials({ input: z.object({ email: z.email(), password: z.string() }), identify: ({ email }) => email, authorize }),
 *   ],
 *   callbacks: { jwt: ({ token, user }) => (user ? { ...token, roles: ['member'], org: 'acme' } : token) },
 * })
 */
export function createAuth<
  const TRole extends string = string,
  const TClaims extends object = {}, // no claims declared: an empty map, not "any object"
  const TPlugins extends readonly AnyPlugin[] = readonly [],
  TSession = ClientSession<
    TRole,
    { -readonly [K in keyof (TClaims & ClaimsOf<TPlugins>)]?: (TClaims & ClaimsOf<TPlugins>)[K] }
  >,
  TUpdate = never,
  const TProviders extends readonly AnyProvider[] = readonly [],
  TAdapter extends Adapter | undefined = undefined,
  const TTokens extends boolean = false,
>(
  options: AuthOptions<TRole, TClaims, TSession, TUpdate, TProviders, TAdapter, TTokens, TPlugins>,
): Auth<{
  // Written out: an editor would show a name with all of its arguments.
  role: TRole
  claims: { -readonly [K in keyof (TClaims & ClaimsOf<TPlugins>)]?: (TClaims & ClaimsOf<TPlugins>)[K] }
  shaped: NonNullable<Awaited<TSession>>
  update: TUpdate
  signIn: SignInInput<TProviders, TTokens> | SignInOf<TPlugins, TTokens>
  answers: ProviderAnswers<TProviders> | AnswersOf<TPlugins>
  sessions: TAdapter extends SessionAdapter ? true : false
  tokens: TTokens
  plugins: TPlugins
}> {
  // From here on the types that were inferred are data: roles and claims are checked by their values.
  return toAuth(assemble(options as unknown as AnyOptions)) as never
}

/** Wires the folders of the engine together, lowest first. */
function assemble(given: AnyOptions): RequestEngine {
  const options = withPluginClaims(given)
  const base = createEngine(options)
  const plugins = installPlugins(options, base, () => engine)
  const { settings } = base
  const counters = openCounters(settings.limits, settings.logger)
  const hub = createHub(options.bus, base)
  const revocations = createRevocations(base, hub)
  const decisions = createDecisions(base, hub)
  const bearer = createBearer(base, revocations)
  const strategy =
    settings.strategy === 'jwt'
      ? createJwtStrategy(base, revocations, decisions)
      : createDatabaseStrategy(base, revocations, hub)
  const revalidate: LiveEngine['revalidate'] = async (identity, force) => {
    if (!identity.isAccess) return strategy.revalidate(identity, force)
    if (!bearer) throw new AuthError('InvalidToken')
    return revalidateAccess(bearer, identity, force)
  }
  const live = createLiveSessions({ ...base, revocations, revalidate }, hub)
  const engine: RequestEngine = {
    ...base,
    strategy,
    revocations,
    bearer,
    hub,
    attempt: createAttempt(base, counters),
    guess: createGuess(base, counters),
    limit: createLimit(settings, counters),
    devices: createDevices(settings),
    tickets: createTickets(base),
    redeemed: new WeakMap(),
    connections: createConnections(live),
    live,
    revalidate,
    decisions,
    plugins,
    callerStreams: new Set(),
    challenges: openChallenges(base, plugins.factors),
    opened: settings.tokenCache && {
      cookies: createOpenedTokens(settings.tokenCache),
      access: createOpenedTokens(settings.tokenCache),
    },
    endSessions: async (userId) => void (await revokeUserSessions(engine, userId)),
  }
  return engine
}

/** What an app gets of its engine. */
function toAuth(engine: RequestEngine): Auth {
  const { settings, bearer } = engine
  const operations = mountOperations(engine)
  const open = createRequestOpener(engine, operations)
  return {
    operations,
    createContext: open,
    handler: createHandler(engine, operations, open),
    getSession: async (request) => (await lookUpSession(engine, new FetchSource(request, READ_ONLY_SINK))).session,
    revokeSessions: (userId: string) => revokeUserSessions(engine, userId),
    deleteUser: (userId) => deleteUser(engine, userId),
    accounts: engine.plugins.accounts,
    close: async () => {
      engine.closing.abort()
      engine.live.close()
      endCallerStreams(engine)
      await engine.hub.close()
    },
    features: {
      strategy: settings.strategy,
      update: settings.update !== null,
      sessions: isSessionAdapter(engine.adapter),
      tokens: bearer !== null,
      roles: settings.roles && [...settings.roles],
      freshAge: settings.freshAge,
      clock: settings.clock,
      logger: settings.logger,
      carriesCredential: (header) => carriesCredential(engine, header),
    },
    $Infer: NOTHING,
  }
}

/** `$Infer` is for `typeof` only. */
const NOTHING = {} as never

/** A configured engine: what {@link createAuth} makes and every face is built on. */
export interface Auth<in out U extends AuthTypes = AuthTypes> {
  /** A Fetch handler for what tRPC can't carry: the JSON endpoints under `basePath`. */
  readonly handler: (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response>
  /** The session of a request outside tRPC, or null. Sets no cookie, so it extends nothing. Throws if the store fails. */
  readonly getSession: (request: Request) => Promise<Session<U['role'], U['claims']> | null>
  /**
   * Ends all sessions of a user, with the streams and sockets that are open for them. For the server's own code: after a password was
   * changed, say. Exists with an adapter that keeps sessions by id.
   *
   * @throws AuthError `AdapterError`; `Configuration` if the adapter can't
   *
   * @example await auth.revokeSessions(user.id)
   */
  readonly revokeSessions: [U['sessions']] extends [false] ? never : (userId: string) => Promise<{ revoked: number }>
  /**
   * Deletes a user with their accounts and sessions, and ends the streams and sockets that are open for them. A user who is deleted in
   * the tables by other code is gone within `revalidateAge`. An adapter that keeps no sessions by id, under the jwt strategy, can't
   * end cookies: there the jwt callback refuses a session without `stored` (docs/sessions.md).
   *
   * @throws AuthError `AdapterError`; `Configuration` if the adapter lacks `deleteUser`
   *
   * @example await auth.deleteUser(user.id)
   */
  readonly deleteUser: (userId: string) => Promise<void>
  /**
   * What plug-ins do with a user's accounts for the server's own code, never for a client: an access token of another service, say.
   *
   * @example const token = await auth.accounts.accessToken({ userId: session.user.id, provider: 'google' })
   */
  readonly accounts: AccountsOf<U['plugins']>
  /**
   * For a server that is about to stop: ends the streams that are open here (no session ends; their clients connect again, to another
   * instance say), stops to listen to the `bus` and closes it, and stops deleting expired
   * rows. Call it before the database is closed. Calls that are under way are completed. It may be called twice, waits two
   * seconds at most, and what the bus fails at is logged.
   *
   * @example process.once('SIGTERM', () => void auth.close())
   */
  readonly close: () => Promise<void>
  /** For faces: everything that one request may ask. Does no work before it is asked. */
  readonly createContext: (source: RequestSource) => AuthContext<U> & GuardQuestions<U>
  /** For faces: everything that clients can ask for, in the order of their documentation. */
  readonly operations: readonly MountedOperation[]
  /** What a face must know of the configuration. */
  readonly features: AuthFeatures
  /** Types only. */
  readonly $Infer: Inferred<U>
}

/** What a face, such as a tRPC router, must know of the configuration. */
export interface AuthFeatures {
  /** Where sessions live. */
  readonly strategy: 'jwt' | 'database'
  /** Whether `updateSession` exists. */
  readonly update: boolean
  /** Whether sessions can be listed and revoked. */
  readonly sessions: boolean
  /** Whether there are bearer tokens. */
  readonly tokens: boolean
  /** The declared roles; null if any name is one. */
  readonly roles: readonly string[] | null
  /** How recent a sign-in must be for `requireFresh()`, in milliseconds. */
  readonly freshAge: number
  /** The time. */
  readonly clock: () => Date
  /** Gets failures that no caller sees. */
  readonly logger: Logger
  /**
   * Whether what a request gets may depend on who asks, as far as its headers tell without a look-up. `header` returns a header's value by
   * lower-case name.
   */
  readonly carriesCredential: (header: (name: string) => string | null | undefined) => boolean
}

/**
 * The types of a configured engine, to be given a name that editors and declarations then show instead of all of them.
 *
 * @example
 * export interface App extends TypesOf<typeof auth> {}
 * export const { authRouter, protectedProcedure } = createAuthRouter<App>(auth)
 */
export type TypesOf<TAuth> = TAuth extends Auth<infer U> ? U : never

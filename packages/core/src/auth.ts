import { type Adapter, isSessionAdapter, type SessionAdapter } from './adapter.ts'
import type { AnyOptions, AuthOptions } from './options.ts'
import type { AuthContext, RequestSource } from './context.ts'
import { createBearer } from './bearer/bearer.ts'
import { createContext } from './request/create-context.ts'
import { lookUpSession } from './request/look-up.ts'
import type { Rooms } from './request/rooms.ts'
import { createEngine } from './engine.ts'
import { createHandler } from './http/handler.ts'
import { READ_ONLY_SINK } from './http/sink.ts'
import { createSessionBus } from './live/bus.ts'
import { createTickets } from './live/ticket.ts'
import { createDatabaseStrategy } from './session/database.ts'
import { createJwtStrategy } from './session/jwt.ts'
import { createOpenedTokens } from './session/opened.ts'
import { createRevocations } from './session/revocations.ts'
import type { ClientSession, Inferred, Session } from './session/types.ts'
import { createAttemptGate } from './sign-in/attempt-gate.ts'
import type { AnyProvider, SignInInput } from './sign-in/provider.ts'
import { MAX_SKEW } from './token/claims.ts'
import type { AuthTypes, Optional } from './types.ts'

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
  TSession = ClientSession<TRole, Optional<TClaims>>,
  TUpdate = never,
  const TProviders extends readonly AnyProvider[] = readonly [],
  TAdapter extends Adapter | undefined = undefined,
  const TTokens extends boolean = false,
>(
  options: AuthOptions<TRole, TClaims, TSession, TUpdate, TProviders, TAdapter, TTokens>,
): Auth<TypesOf<TRole, TClaims, TSession, TUpdate, TProviders, TAdapter, TTokens>> {
  // From here on the types that were inferred are data: roles and claims are checked by their values.
  return assemble(options as unknown as AnyOptions) as unknown as Auth<
    TypesOf<TRole, TClaims, TSession, TUpdate, TProviders, TAdapter, TTokens>
  >
}

function assemble(options: AnyOptions): Auth {
  const engine = createEngine(options)
  const { settings } = engine
  const bus = options.bus ?? createSessionBus()
  const { revalidateAge, tokens, rowCache } = settings
  // An instance whose clock is ahead issues tokens that count for that much longer here.
  const keepFor = Math.max(revalidateAge, tokens?.accessTokenMaxAge ?? 0, rowCache?.maxAge ?? 0) + MAX_SKEW * 1_000
  const revocations = createRevocations(keepFor, bus, settings.clock)
  const bearer = createBearer(engine, revocations)
  const strategy =
    settings.strategy === 'jwt'
      ? createJwtStrategy(engine, revocations)
      : createDatabaseStrategy(engine, revocations, bus)
  const rooms: Rooms = {
    engine,
    strategy,
    revocations,
    bearer,
    bus,
    gate: createAttemptGate(engine),
    tickets: createTickets(engine),
    redeemed: new WeakMap(),
    opened: settings.tokenCache && {
      cookies: createOpenedTokens(settings.tokenCache),
      access: createOpenedTokens(settings.tokenCache),
    },
  }
  const open = (source: RequestSource) => createContext(rooms, source)
  return {
    createContext: open,
    handler: createHandler(engine, open),
    getSession: async (request) => (await lookUpSession(rooms, toReadOnlySource(request))).session,
    features: {
      strategy: settings.strategy,
      update: settings.update !== null,
      sessions: isSessionAdapter(engine.adapter),
      tokens: bearer !== null,
      roles: settings.roles && [...settings.roles],
      freshAge: settings.freshAge,
      clock: settings.clock,
      logger: settings.logger,
      get sessionCookie() {
        return settings.cookie.name
      },
    },
    $Infer: NOTHING,
  }
}

function toReadOnlySource(request: Request): RequestSource {
  const { method, url, headers } = request
  return { method, url, header: (name) => headers.get(name), response: READ_ONLY_SINK }
}

/** `$Infer` is for `typeof` only. */
const NOTHING = {} as never

/** A configured engine: what {@link createAuth} makes and every face is built on. */
export interface Auth<U extends AuthTypes = AuthTypes> {
  /** A Fetch handler for what tRPC can't carry: the JSON endpoints under `basePath`. */
  readonly handler: (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response>
  /** The session of a request outside tRPC, or null. Sets no cookie, so it extends nothing. Throws where the store fails. */
  readonly getSession: (request: Request) => Promise<Session<U> | null>
  /** For faces: everything that one request may ask. Does no work until it is asked. */
  readonly createContext: (source: RequestSource) => AuthContext<U>
  /** What a face must know of the configuration. */
  readonly features: AuthFeatures
  /** Types only. */
  readonly $Infer: Inferred<U>
}

export interface AuthFeatures {
  readonly strategy: 'jwt' | 'database'
  /** Whether `updateSession` exists. */
  readonly update: boolean
  /** Whether sessions can be listed and revoked. */
  readonly sessions: boolean
  /** Whether there are bearer tokens. */
  readonly tokens: boolean
  readonly roles: readonly string[] | null
  /** Milliseconds. */
  readonly freshAge: number
  readonly clock: () => Date
  readonly logger: {
    readonly error: (message: string, cause?: unknown) => void
    readonly warn: (message: string, cause?: unknown) => void
  }
  /** The names that the session cookie may have in a request's Cookie header begin with this. */
  readonly sessionCookie: string
}

/** The types of a configuration. */
export type TypesOf<
  TRole extends string,
  TClaims extends object,
  TSession,
  TUpdate,
  TProviders extends readonly AnyProvider[],
  TAdapter,
  TTokens extends boolean,
> = {
  readonly role: TRole
  readonly claims: Optional<TClaims>
  readonly shaped: NonNullable<Awaited<TSession>>
  readonly update: TUpdate
  readonly signIn: SignInInput<TProviders, TTokens>
  readonly sessions: TAdapter extends SessionAdapter ? true : false
  readonly tokens: TTokens
}

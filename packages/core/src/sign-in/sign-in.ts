import type { Bearer } from '../bearer/bearer.ts'
import type { IssuedPair } from '../bearer/issue.ts'
import { startBearer } from '../bearer/start.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { readFields } from '../internal/fields.ts'
import { isPlainObject } from '../internal/json.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Begun, SessionStrategy, StartParams } from '../session/strategy.ts'
import type { Account, User } from '../contract/user.ts'
import type { RunAttempt } from './attempt.ts'
import type { Flow } from './flow.ts'
import type { AnyProvider, AuthorizeContext } from '../contract/provider.ts'
import { checkRedirectTarget, safeRedirect } from './redirect.ts'
import { findOrCreateUser } from './stored-user.ts'

/** What signing in needs of the engine. */
export interface SignInEngine extends Engine {
  readonly strategy: SessionStrategy
  readonly attempt: RunAttempt
  /** null: bearer tokens are off. */
  readonly bearer: Bearer | null
}

export type SignInOutcome =
  SignedIn<'signedIn'> | SignedIn<'tokens'> | { readonly status: 'redirect'; readonly url: string }

/** A session that has begun, in a cookie or in tokens. */
export type SignedIn<TStatus extends 'signedIn' | 'tokens'> = {
  readonly status: TStatus
  /** Tells the app's listener of it. To be called when nothing can fail any more. */
  readonly tell: () => void
} & (TStatus extends 'tokens' ? { readonly pair: IssuedPair } : { readonly issued: Begun })

type AnyUser = User & Readonly<Record<string, unknown>>

/**
 * The whole story of a sign-in, top-down: who is it, may they, whose identity is it, then the session. Nothing is written
 * before the app's callbacks have agreed.
 *
 * @throws AuthError `InvalidInput`, `RateLimited`, `CredentialsSignin`, `AccessDenied`, `TokenRefused`, `InvalidClaim`,
 * `CallbackRouteError`, `AdapterError`
 */
export async function signIn(
  engine: SignInEngine,
  input: unknown,
  context: AuthorizeContext,
  flow: Flow,
): Promise<SignInOutcome> {
  const { provider, credentials } = await readAttempt(engine, input)
  const user = await authorize(engine, provider, credentials, context)
  const account: Account = { provider: provider.id, type: provider.type, providerAccountId: String(user.id) }
  const elsewhere = await checkAllowed(engine, user, account, credentials, flow)
  if (elsewhere !== null) return { status: 'redirect', url: elsewhere }
  const resolved = await resolveUser(engine, user, account)
  const client = { userAgent: context.header('user-agent'), ip: context.address }
  const outcome = await start(engine, flow, { user: resolved, account, profile: null, isNewUser: false, client })
  const { sessionId } = outcome.status === 'tokens' ? outcome.pair.identity : outcome.issued.identity
  return { ...outcome, tell: () => engine.emit('signIn', { user: resolved, account, isNewUser: false, sessionId }) }
}

/** Begins the session as the flow asks for it: in a token pair, or as the strategy keeps it. */
async function start({ strategy, bearer }: SignInEngine, { kind, refresh }: Flow, params: StartParams) {
  if (bearer && kind === 'token') return { status: 'tokens' as const, pair: await startBearer(bearer, params, refresh) }
  return { status: 'signedIn' as const, issued: await strategy.start(params) }
}

interface Attempt {
  readonly provider: AnyProvider
  /** What the provider's schema made of the input. */
  readonly credentials: Readonly<Record<string, unknown>>
}

/** Fields of the call itself, which no provider gets to see. */
const CALL_FIELDS = new Set(['provider', 'flow', 'refresh'])

async function readAttempt({ settings }: Engine, input: unknown): Promise<Attempt> {
  if (!isPlainObject(input)) throw new AuthError('InvalidInput')
  const provider = typeof input.provider === 'string' ? settings.providers.get(input.provider) : undefined
  if (!provider) throw invalidInput('provider')
  const fields = Object.fromEntries(Object.entries(input).filter(([field]) => !CALL_FIELDS.has(field)))
  const result = await runCallback(() => provider.input['~standard'].validate(fields))
  if (result.issues) throw invalidInput(...readFields(result.issues))
  if (!isPlainObject(result.value)) throw new AuthError('InvalidInput')
  return { provider, credentials: result.value }
}

/** Asks the provider, counted. */
async function authorize(
  { attempt }: SignInEngine,
  provider: AnyProvider,
  credentials: Readonly<Record<string, unknown>>,
  context: AuthorizeContext,
): Promise<AnyUser> {
  const input = credentials as never // the provider's own schema made it; AnyProvider has forgotten the type
  const { identify } = provider
  const whom = identify ? requireName(await runCallback(() => identify(input)), provider.id) : null
  const step = await attempt({ what: provider.id, whom, address: context.address }, () =>
    runCallback(() => provider.begin(input, context as never)),
  )
  if (!('mirror' in step)) throw new AuthError('CallbackRouteError', { cause: new Error('not supported yet') })
  return requireId(step.mirror, `begin() of "${provider.id}"`)
}

/** What isn't a name (an optional field that was left out, say) would not be counted, so it is refused. */
function requireName(name: unknown, provider: string): string {
  if (typeof name === 'string') return name
  throw new AuthError('CallbackRouteError', { cause: new Error(`identify() of "${provider}" must return a string`) })
}

/** `sub` is the id as text: a user without one, or whose id has no text of its own, would share a session with all others like it. */
function requireId(user: User, from: string): AnyUser {
  const id = isPlainObject(user) && !Number.isNaN(user.id) ? user.id : ''
  const text = String(id ?? '')
  if (text === '' || text.startsWith('[object ')) {
    throw new AuthError('CallbackRouteError', { cause: new Error(`${from} must return a user with an id`) })
  }
  return { ...user }
}

/**
 * Runs the signIn callback: null means yes, a string where to go instead. A client that asked for tokens has no page to be sent elsewhere: it
 * is refused.
 */
async function checkAllowed(
  { callbacks, settings }: Engine,
  user: AnyUser,
  account: Account,
  credentials: Readonly<Record<string, unknown>>,
  { kind }: Flow,
): Promise<string | null> {
  const { signIn: callback, redirect } = callbacks
  if (!callback) return null
  const allowed = await runCallback(() => callback({ user, account, profile: null, credentials }))
  if (allowed === true) return null
  if (typeof allowed !== 'string' || kind === 'token') throw new AuthError('AccessDenied')
  const { baseUrl, isTrustedOrigin } = settings
  if (!redirect) return safeRedirect(allowed, baseUrl, isTrustedOrigin)
  const target = await runCallback(() => redirect({ url: allowed, baseUrl: baseUrl.origin }))
  return checkRedirectTarget(target, isTrustedOrigin)
}

/** The store's user first, then the app's say in whose identity the session is. */
async function resolveUser(engine: Engine, user: AnyUser, account: Account): Promise<AnyUser> {
  const stored = await findOrCreateUser(engine, user)
  const { resolveUser: callback } = engine.callbacks
  if (!callback) return stored
  return requireId(
    await runCallback(() => callback({ user: stored, account, isNewUser: false })),
    'callbacks.resolveUser',
  )
}

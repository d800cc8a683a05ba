import type { CleanupSettings } from '../store/cleanup.ts'
import { type Adapter, isSessionAdapter } from '../store/adapter.ts'
import { checkOptions } from './check-options.ts'
import { type Deployment, readDeployment } from './deployment.ts'
import { configurationError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import { readDuration } from '../internal/time.ts'
import type { AnyOptions, CleanupOptions, LimitOptions, PageOptions, SignInLimits } from './options.ts'
import type { RowCacheOptions, SessionOptions } from './session-options.ts'
import { readTakeOver, type TakeOver } from './take-over.ts'
import type { TokenCacheOptions, TokenOptions } from './token-options.ts'
import type { Logger } from '../internal/logger.ts'
import type { ClaimSchemas } from '../roles/claims.ts'
import type { AttemptCounter, AttemptRule } from '../contract/limits.ts'
import type { AnyProvider } from '../contract/provider.ts'
import type { Duration } from '../internal/types.ts'
import type { Schema } from '../internal/schema.ts'
import type { Strategy } from '../contract/auth-types.ts'

/** The settings of bearer tokens. Durations are milliseconds. */
export interface TokenSettings {
  readonly accessTokenMaxAge: number
  readonly refreshTokenMaxAge: number
  readonly familyMaxAge: number
  readonly reuseWindow: number
  readonly alwaysReturn: boolean
}

/** For how long rows that were read may be used again. `maxAge` in milliseconds. */
export interface RowCacheSettings {
  readonly maxAge: number
  readonly maxEntries: number
}

/** How attempts are limited. */
export interface LimitSettings {
  /** null: guesses aren't limited. */
  readonly signIn: { readonly perIdentifier: AttemptRule; readonly perClient: AttemptRule } | null
  /** null: they are counted in the memory of this process. */
  readonly counter: AttemptCounter | null
}

/** The configuration, checked, with every default in place. Durations are milliseconds. */
export interface Settings extends Deployment {
  readonly strategy: Strategy
  /** null: another library's sessions aren't taken over. */
  readonly takeOver: TakeOver | null
  readonly maxAge: number
  readonly updateAge: number
  readonly absoluteMaxAge: number
  readonly revalidateAge: number
  readonly freshAge: number
  readonly adapterTimeout: number
  /** null: the app deletes expired rows itself. */
  readonly cleanup: CleanupSettings | null
  /** null: there are no bearer tokens. */
  readonly tokens: TokenSettings | null
  /** null: every token is opened on every request. */
  readonly tokenCache: Required<TokenCacheOptions> | null
  /** null: every row is read on every request. */
  readonly rowCache: RowCacheSettings | null
  /** null: roles are not declared, any name counts. */
  readonly roles: ReadonlySet<string> | null
  readonly claims: ClaimSchemas
  readonly exposed: ReadonlySet<string>
  readonly update: Schema | null
  /** Those of plug-ins join them when they are set up. */
  readonly providers: Map<string, AnyProvider>
  readonly basePath: string
  /** Paths or URLs. `challenge` null: where the sign-in would have gone. */
  readonly pages: { readonly error: string; readonly challenge: string | null }
  readonly limits: LimitSettings
  readonly trustedProxies: number
  readonly logger: Logger
  readonly clock: () => Date
}

/**
 * Checks a configuration and fills in its defaults.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 */
export function readSettings(options: AnyOptions): Settings {
  checkOptions(options)
  const strategy = readStrategy(options)
  const claims: ClaimSchemas = new Map(Object.entries(options.claims ?? {}))
  const session = options.session ?? {}
  const deployment = readDeployment(options)
  // Assigned to it, not spread: its getters must stay getters.
  return Object.assign(deployment, {
    strategy,
    takeOver: readTakeOver(options.cookies?.takeOver, strategy, () => deployment.secrets),
    maxAge: readDuration('session.maxAge', session.maxAge, '30d'),
    updateAge: readUpdateAge(session),
    absoluteMaxAge: readDuration('session.absoluteMaxAge', session.absoluteMaxAge, '90d'),
    revalidateAge: readDuration('session.revalidateAge', session.revalidateAge, '5m'),
    freshAge: readDuration('session.freshAge', session.freshAge, '10m'),
    adapterTimeout: readTimeout('adapterTimeout', options.adapterTimeout),
    cleanup: readCleanup(options),
    tokens: readTokens(options.tokens),
    tokenCache: readTokenCache(options.tokenCache),
    rowCache: readRowCache(session.rowCache, strategy),
    roles: options.roles ? new Set(options.roles) : null,
    claims,
    exposed: readExposed(options.exposeClaims, claims),
    update: readUpdate(options, strategy, claims),
    providers: readProviders(options.providers ?? []),
    basePath: readBasePath(options.basePath ?? '/auth'),
    pages: { error: readPage('error', options.pages) ?? '/', challenge: readPage('challenge', options.pages) },
    limits: readLimits(options.limits),
    trustedProxies: readCount('trustedProxies', options.trustedProxies ?? 0),
    logger: options.logger ?? console,
    clock: options.clock ?? (() => new Date()),
  })
}

/** More than a timer can wait (2^31 - 1 ms) it doesn't wait at all. */
function readTimeout(option: string, value: Duration | undefined): number {
  const timeout = readDuration(option, value, '2s')
  if (timeout > 2_147_483_647) throw configurationError(option, 'write 24 days or less')
  return timeout
}

function readCleanup({ cleanup, adapter, tables }: AnyOptions): Settings['cleanup'] {
  if (cleanup === false) return null
  const { every, batch }: CleanupOptions = cleanup ?? {}
  const settings = { every: readDuration('cleanup.every', every, '1h'), batch: readBatch(batch ?? 500) }
  if (cleanup !== undefined && !isPlainObject(cleanup))
    throw configurationError('cleanup', `write { every: '1h', batch: 500 }, or false`)
  if (cleanup && !isSessionAdapter(adapter) && !tables)
    throw configurationError('cleanup', 'leave it out: the adapter has no deleteExpired()')
  return settings
}

function readBatch(value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw configurationError('cleanup.batch', 'write a whole number, one or more')
  return value
}

/** A session that lasts an hour must be extended more often than once a day, or use would not keep it alive at all. */
function readUpdateAge({ maxAge, updateAge }: SessionOptions): number {
  const half = readDuration('session.maxAge', maxAge, '30d') / 2
  return updateAge === undefined
    ? Math.min(readDuration('session.updateAge', undefined, '1d'), half)
    : readDuration('session.updateAge', updateAge, '1d')
}

function readTokenCache(option: TokenCacheOptions | false | undefined): Settings['tokenCache'] {
  if (option === false) return null
  return {
    maxEntries: readCount('tokenCache.maxEntries', option?.maxEntries ?? 10_000),
    maxBytes: readCount('tokenCache.maxBytes', option?.maxBytes ?? 16 * 1_024 * 1_024),
  }
}

function readRowCache(option: RowCacheOptions | undefined, strategy: Strategy): Settings['rowCache'] {
  if (!option) return null
  if (strategy !== 'database') {
    throw configurationError('session.rowCache', 'it is for the database strategy; a jwt session is read from no row')
  }
  if (option.maxAge === undefined) throw configurationError('session.rowCache.maxAge', 'say how old a row may be')
  return {
    maxAge: readDuration('session.rowCache.maxAge', option.maxAge, option.maxAge),
    maxEntries: readCount('session.rowCache.maxEntries', option.maxEntries ?? 10_000),
  }
}

function readTokens(tokens: TokenOptions | undefined): TokenSettings | null {
  if (!tokens?.enabled) return null
  return {
    accessTokenMaxAge: readDuration('tokens.accessTokenMaxAge', tokens.accessTokenMaxAge, '15m'),
    refreshTokenMaxAge: readDuration('tokens.refreshTokenMaxAge', tokens.refreshTokenMaxAge, '30d'),
    familyMaxAge: readDuration('tokens.familyMaxAge', tokens.familyMaxAge, '90d'),
    reuseWindow: readDuration('tokens.reuseWindow', tokens.reuseWindow, '30s'),
    alwaysReturn: tokens.alwaysReturn ?? false,
  }
}

function readStrategy({ session, adapter, providers = [] }: AnyOptions): Strategy {
  const chosen: unknown = session?.strategy
  if (chosen !== undefined && chosen !== 'jwt' && chosen !== 'database') {
    throw configurationError('session.strategy', `choose 'jwt' or 'database'`)
  }
  const hasCredentials = providers.some((provider) => provider.type === 'credentials')
  const strategy = chosen ?? (adapter && !hasCredentials ? 'database' : 'jwt')
  if (strategy === 'database')
    requireMethods(adapter, ['createSession', 'getSessionAndUser', 'updateSession', 'deleteSession'])
  return strategy
}

function requireMethods(adapter: Adapter | undefined, methods: readonly (keyof Adapter)[]): void {
  if (!adapter)
    throw configurationError('adapter', `the database strategy keeps sessions in one: pass an adapter, or choose 'jwt'`)
  if (isSessionAdapter(adapter)) return
  for (const method of methods) {
    if (typeof adapter[method] !== 'function')
      throw configurationError('adapter', `it lacks ${method}(), which the database strategy needs`)
  }
}

function readUpdate({ update, adapter }: AnyOptions, strategy: Strategy, claims: ClaimSchemas): Schema | null {
  if (!update) return null
  if (claims.size === 0) throw configurationError('update', 'declare the claims that it may change in `claims`')
  if (strategy === 'database' && !isSessionAdapter(adapter)) {
    throw configurationError(
      'adapter',
      `it lacks writeSessionClaims(), which \`update\` needs under the database strategy`,
    )
  }
  return update
}

function readExposed(exposeClaims: readonly string[] | undefined, claims: ClaimSchemas): ReadonlySet<string> {
  for (const name of exposeClaims ?? []) {
    if (!claims.has(name)) throw configurationError('exposeClaims', `"${name}" is not declared in \`claims\``)
  }
  return new Set(exposeClaims ?? claims.keys())
}

function readProviders(list: readonly AnyProvider[]): Map<string, AnyProvider> {
  const providers = new Map(list.map((provider) => [provider.id, provider]))
  if (providers.size < list.length) throw configurationError('providers', 'give every provider an id of its own')
  for (const id of providers.keys()) {
    if (!/^[a-z0-9][\w-]*$/i.test(id))
      throw configurationError('providers', `"${id}" is no id: use letters, digits, - and _`)
  }
  return providers
}

function readBasePath(path: string): string {
  if (!/^\/[\w\-/.~]*$/.test(path)) throw configurationError('basePath', `begin with a slash, e.g. '/auth'`)
  return path.replace(/\/+$/, '')
}

function readPage(name: keyof PageOptions, pages: AnyOptions['pages']): string | null {
  const page: unknown = pages?.[name]
  if (page === undefined) return null
  if (typeof page === 'string' && (/^\/(?![/\\])/.test(page) || /^https?:\/\//.test(page))) return page
  throw configurationError(`pages.${name}`, `write a path, e.g. '/sign-in', or a URL on a trusted origin`)
}

function readLimits({ signIn, counter }: LimitOptions = {}): LimitSettings {
  return { signIn: signIn === false ? null : readSignInLimits(signIn), counter: counter ?? null }
}

function readSignInLimits(signIn: SignInLimits = {}): LimitSettings['signIn'] {
  const window = readDuration('limits.signIn.window', signIn.window, '15m')
  return {
    perIdentifier: { limit: readLimit('limits.signIn.perIdentifier', signIn.perIdentifier ?? 10), window },
    perClient: { limit: readLimit('limits.signIn.perClient', signIn.perClient ?? 100), window },
  }
}

function readLimit(option: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw configurationError(option, 'write a whole number, one or more; `signIn: false` turns the limits off')
  }
  return value
}

function readCount(option: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw configurationError(option, 'write a whole number, zero or more')
  return value
}

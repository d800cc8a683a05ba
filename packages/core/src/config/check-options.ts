import type { AnyOptions } from './options.ts'
import { findMissingAccountMethod } from './account-methods.ts'
import { type Adapter, isSessionAdapter, type SessionAdapter } from '../store/adapter.ts'
import { checkTakeOver } from './take-over.ts'
import { configurationError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Callbacks } from '../contract/callbacks.ts'
import type { Events } from '../contract/events.ts'

/**
 * Checks what the compiler checks in TypeScript. From JavaScript, a wrong option would show at the first
 * sign-in, or never. A callback whose name is misspelled, say, would never be called, and every sign-in would pass.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 */
export function checkOptions(options: AnyOptions): void {
  checkRoles(options.roles)
  checkClaimSchemas(options.claims)
  if (options.update !== undefined) checkSchema('update', options.update)
  checkFunctions('callbacks', options.callbacks, CALLBACKS)
  checkFunctions('events', options.events, EVENTS)
  checkList('trustedOrigins', options.trustedOrigins)
  checkList('exposeClaims', options.exposeClaims)
  checkAdapter(options.adapter)
  checkProviders(options.providers, options.adapter)
  checkCounter(options.limits?.counter)
  checkTakeOver(options.cookies)
  checkLogger(options.logger)
  checkClock(options.clock)
}

function checkRoles(roles: unknown): void {
  checkList('roles', roles)
  for (const role of Array.isArray(roles) ? roles : []) {
    if (typeof role !== 'string' || role.trim() === '') throw configurationError('roles', `${quote(role)} is no name`)
  }
}

/** Claims of the engine's own. A declared claim of such a name could change whose session it is, or how long it lasts. */
const UNDECLARABLE_CLAIMS = new Set(
  'sub iat exp nbf jti iss aud sessionId authTime adoptedAt amr latchkey generation rowState ticketId ticketEnds ticketStart isAccess rowKey __proto__'.split(
    ' ',
  ),
)

function checkClaimSchemas(claims: unknown): void {
  if (claims === undefined) return
  if (!isPlainObject(claims)) throw configurationError('claims', 'write an object: a Standard Schema per claim')
  for (const [name, schema] of Object.entries(claims)) {
    if (UNDECLARABLE_CLAIMS.has(name))
      throw configurationError('claims', `"${name}" is a name of the engine's own: take another`)
    checkSchema(`claims.${name}`, schema)
  }
}

function checkSchema(option: string, schema: unknown): void {
  const standard: unknown = isObject(schema) ? Reflect.get(schema, '~standard') : undefined
  if (!isObject(standard) || typeof Reflect.get(standard, 'validate') !== 'function') {
    throw configurationError(option, 'pass a Standard Schema (zod 3.24 or later, valibot, arktype, …)')
  }
}

export function checkProviders(providers: unknown, adapter: Adapter | undefined): void {
  checkList('providers', providers)
  for (const provider of Array.isArray(providers) ? (providers as readonly unknown[]) : []) {
    if (!isPlainObject(provider) || typeof provider.id !== 'string' || typeof provider.begin !== 'function') {
      throw configurationError('providers', 'make each with credentials({ … }) or provider({ … })')
    }
    checkSchema(`providers.${provider.id}.input`, provider.input)
    checkIdentify(provider.id, provider.identify)
    if (provider.type === 'oauth' || provider.type === 'oidc') checkAccounts(provider.id, adapter)
  }
}

/** Without an adapter, accounts live in the session alone. */
function checkAccounts(provider: string, adapter: Adapter | undefined): void {
  const missing = adapter && findMissingAccountMethod(adapter)
  if (missing) throw configurationError('adapter', `it lacks ${missing}(), which the provider "${provider}" needs`)
}

/** Without it there would silently be no limit per account. */
function checkIdentify(provider: string, identify: unknown): void {
  if (identify === null || typeof identify === 'function') return
  throw configurationError(
    `providers.${provider}.identify`,
    'say whom an attempt is for, e.g. ({ email }) => email, or null to count by address only',
  )
}

const CALLBACKS: Readonly<Record<keyof Callbacks<string, object, unknown, unknown>, true>> = {
  jwt: true,
  session: true,
  signIn: true,
  resolveUser: true,
  redirect: true,
  update: true,
}

const EVENTS: Readonly<Record<keyof Events, true>> = {
  signIn: true,
  signOut: true,
  createUser: true,
  linkAccount: true,
  unlinkAccount: true,
  updateUser: true,
  deleteUser: true,
  tokenReuse: true,
  session: true,
}

function checkFunctions(option: string, functions: unknown, known: Readonly<Record<string, true>>): void {
  if (functions === undefined) return
  if (!isPlainObject(functions)) throw configurationError(option, 'write an object of functions')
  for (const [name, member] of Object.entries(functions)) {
    if (!Object.hasOwn(known, name)) {
      throw configurationError(`${option}.${name}`, `there is none of this name, only ${Object.keys(known).join(', ')}`)
    }
    if (member !== undefined && typeof member !== 'function')
      throw configurationError(`${option}.${name}`, 'pass a function')
  }
}

/** What the engine calls of a store that remembers sessions by id. */
const SESSION_METHODS: readonly (keyof SessionAdapter)[] = [
  'createUser',
  'getUser',
  'updateUser',
  'createSession',
  'getSessionAndUser',
  'slideSession',
  'rotateSession',
  'writeSessionClaims',
  'listSessions',
  'revokeSession',
  'revokeSessions',
  'deleteSession',
]

function checkAdapter(adapter: AnyOptions['adapter']): void {
  if (adapter === undefined) return
  if (!isObject(adapter)) throw configurationError('adapter', 'pass an adapter object, e.g. memoryAdapter()')
  if (!isSessionAdapter(adapter)) return
  const missing = SESSION_METHODS.find((method) => typeof adapter[method] !== 'function')
  if (missing) throw configurationError('adapter', `it has revokeSession() but lacks ${missing}()`)
}

function checkCounter(counter: unknown): void {
  if (counter === undefined || (isObject(counter) && typeof Reflect.get(counter, 'consume') === 'function')) return
  throw configurationError('limits.counter', 'pass an object with consume(key, rule, now), or leave it out')
}

function checkLogger(logger: unknown): void {
  if (logger === undefined) return
  for (const method of ['error', 'warn']) {
    if (!isObject(logger) || typeof Reflect.get(logger, method) !== 'function') {
      throw configurationError('logger', `it lacks ${method}(); console has both`)
    }
  }
}

function checkClock(clock: unknown): void {
  if (clock === undefined) return
  const now: unknown = typeof clock === 'function' ? clock() : undefined
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) {
    throw configurationError('clock', 'pass a function that answers a Date, e.g. () => new Date()')
  }
}

function checkList(option: string, list: unknown): void {
  if (list !== undefined && !Array.isArray(list)) throw configurationError(option, 'write a list: [ … ]')
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value
}

/** The tRPC names of the codes that this library uses. */
export type AuthErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

/** Why something was refused or failed. Safe to send to a browser: switch on this, never on a message. */
export type AuthErrorKind =
  | 'AccessDenied'
  | 'AccessTokenExpired'
  | 'AdapterError'
  | 'CallbackRouteError'
  | 'Configuration'
  | 'CredentialsSignin'
  | 'InsufficientScope'
  | 'InvalidClaim'
  | 'InvalidInput'
  | 'InvalidToken'
  | 'LastWayIn'
  | 'NotASession'
  | 'NotFound'
  | 'OAuthAccountNotLinked'
  | 'RateLimited'
  | 'ResponseCommitted'
  | 'SessionExpired'
  | 'SessionRequired'
  | 'SessionRevoked'
  | 'SessionTooLarge'
  | 'StepUpRequired'
  | 'TokenRefused'
  | 'TokenReuse'
  | 'UntrustedOrigin'

/** What is fixed about a kind of error. */
export interface AuthErrorRow {
  readonly code: AuthErrorCode
  readonly message: string
  /** Seconds, unless the error says otherwise. */
  readonly retryAfter?: number
}

const ERRORS: Readonly<Record<AuthErrorKind, AuthErrorRow>> = {
  AccessDenied: { code: 'FORBIDDEN', message: 'You may not do this.' },
  AccessTokenExpired: { code: 'UNAUTHORIZED', message: 'The access token has expired. Refresh it.' },
  AdapterError: { code: 'SERVICE_UNAVAILABLE', message: 'The session store failed. Try again.', retryAfter: 1 },
  CallbackRouteError: { code: 'INTERNAL_SERVER_ERROR', message: 'A callback of the app failed.' },
  Configuration: { code: 'INTERNAL_SERVER_ERROR', message: 'The server is not configured correctly.' },
  CredentialsSignin: { code: 'UNAUTHORIZED', message: 'The credentials are not right.' },
  InsufficientScope: { code: 'FORBIDDEN', message: 'This credential may not do this: it lacks the scope.' },
  InvalidClaim: { code: 'INTERNAL_SERVER_ERROR', message: 'A claim does not fit its schema.' },
  InvalidInput: { code: 'BAD_REQUEST', message: 'The input is not valid.' },
  InvalidToken: { code: 'UNAUTHORIZED', message: 'The token is not valid. Sign in again.' },
  LastWayIn: { code: 'CONFLICT', message: 'This is the only way to sign in. Add another one first.' },
  NotASession: { code: 'FORBIDDEN', message: 'This needs a session. An API key, for one, is not a session.' },
  NotFound: { code: 'NOT_FOUND', message: 'There is no such thing here.' },
  OAuthAccountNotLinked: {
    code: 'CONFLICT',
    message: 'Another account has this e-mail address. Sign in as you did before.',
  },
  RateLimited: { code: 'TOO_MANY_REQUESTS', message: 'Too many attempts. Wait and try again.' },
  ResponseCommitted: {
    code: 'PRECONDITION_FAILED',
    message:
      'This response can no longer set a cookie. Send the call unstreamed (httpLink or httpBatchLink), or pass a way to set cookies.',
  },
  SessionExpired: { code: 'UNAUTHORIZED', message: 'The session has expired. Sign in again.' },
  SessionRequired: { code: 'UNAUTHORIZED', message: 'Sign in first.' },
  SessionRevoked: { code: 'UNAUTHORIZED', message: 'The session was ended. Sign in again.' },
  SessionTooLarge: {
    code: 'INTERNAL_SERVER_ERROR',
    message: 'The session does not fit into a cookie. Keep fewer claims in the token.',
  },
  StepUpRequired: { code: 'FORBIDDEN', message: 'Sign in again to do this.' },
  TokenRefused: { code: 'UNAUTHORIZED', message: 'The app refused a session.' },
  TokenReuse: {
    code: 'UNAUTHORIZED',
    message: 'A refresh token was used twice, so the session was ended. Sign in again.',
  },
  UntrustedOrigin: { code: 'FORBIDDEN', message: 'The request comes from a site that is not trusted.' },
}

/** Whether a kind is the library's own. */
export function isAuthErrorKind(kind: string): kind is AuthErrorKind {
  return Object.hasOwn(ERRORS, kind)
}

const STATUS: Readonly<Record<AuthErrorCode, number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** What a person must show before the same call succeeds (`StepUpRequired`). */
export interface StepUp {
  /** Seconds: how long ago they may have signed in. @default undefined: that is not what is missing */
  readonly maxAge?: number | undefined
  /** What their session must have been begun with: `'mfa'`. @default undefined: that is not what is missing */
  readonly factor?: string | undefined
}

/** What an {@link AuthError} is made with. */
export interface AuthErrorOptions {
  /** What really happened. Goes to the server's log, never to a client. @default none */
  readonly cause?: unknown
  /**
   * Seconds after which another attempt makes sense (`RateLimited`, `AdapterError`).
   *
   * @default 1 for `AdapterError`, none for any other kind
   */
  readonly retryAfter?: number
  /** Which fields of the input are not valid, as dotted paths (`InvalidInput`). Goes to the client: names, never values. @default none */
  readonly fields?: readonly string[]
  /** What is missing (`StepUpRequired`). Goes to the client. @default none */
  readonly stepUp?: StepUp
  /** For the server's log only: what is wrong and how to fix it. Clients get the fixed message. @default none */
  readonly detail?: string
}

/** One process may hold several copies of this package (a bundle per entry, CommonJS beside ESM): they know each other's errors by it. */
const BRAND = Symbol.for('latchkey.AuthError')

/**
 * Every refusal and failure of this library. `instanceof` holds for one of another copy of this package too.
 *
 * @example
 * if (isAuthError(error) && error.kind === 'RateLimited') wait(error.retryAfter)
 */
export class AuthError<TKind extends string = AuthErrorKind> extends Error {
  static {
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** An app's subclass holds only its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === AuthError ? isAuthError(value) : Function.prototype[Symbol.hasInstance].call(this, value)
  }

  /** Always `'AuthError'`. */
  override readonly name = 'AuthError'
  /** Why: switch on this, never on the message. */
  readonly kind: TKind
  /** tRPC's code of the same refusal. */
  readonly code: AuthErrorCode
  /** The HTTP status of {@link AuthError.code}. */
  readonly status: number
  /** Fixed text that begins with the kind: what a client may see. */
  readonly publicMessage: string
  /** Seconds after which another attempt makes sense; undefined if that is not known. */
  readonly retryAfter: number | undefined
  /** Which fields of the input are not valid, as dotted paths: `['email', 'address.city']`. Undefined if that is not known. */
  readonly fields: readonly string[] | undefined
  /** What the person must show first (`StepUpRequired`); undefined if that is not known. */
  readonly stepUp: StepUp | undefined

  constructor(kind: TKind & AuthErrorKind, options?: AuthErrorOptions)
  /** An error of a plug-in's own kind, which brings its code and text. Plug-ins make theirs with `error()` of their engine. */
  constructor(kind: TKind, options: AuthErrorOptions | undefined, row: AuthErrorRow)
  constructor(kind: TKind, options: AuthErrorOptions = {}, own?: AuthErrorRow) {
    // Without a row of its own it is a kind of the table, by the first signature.
    const row = own ?? ERRORS[kind as AuthErrorKind]
    const publicMessage = `${kind}: ${row.message}`
    const fields = options.fields?.length ? options.fields : undefined
    const detail = options.detail ?? (fields && `not valid: ${fields.join(', ')}`)
    super(detail ? `${kind}: ${detail}` : publicMessage, { cause: options.cause })
    this.kind = kind
    this.code = row.code
    this.status = STATUS[row.code]
    this.publicMessage = publicMessage
    this.retryAfter = options.retryAfter ?? row.retryAfter
    this.fields = fields
    this.stepUp = options.stepUp
  }
}

/**
 * Whether something that was thrown is an {@link AuthError}, whichever copy of this package made it.
 *
 * An error of a plug-in has a kind of the plug-in's own: name it to compare with it, `isAuthError<AuthErrorKind | 'InvitationUsed'>(error)`.
 *
 * @example catch (error) { if (isAuthError(error) && error.kind === 'CredentialsSignin') return 'The password is not right.' }
 */
export function isAuthError<TKind extends string = AuthErrorKind>(error: unknown): error is AuthError<TKind> {
  return typeof error === 'object' && error !== null && BRAND in error
}

/** A wrong option: names it and says how to fix it. Thrown at construction, before any client could see it. */
export function configurationError(option: string, fix: string): AuthError<'Configuration'> {
  return new AuthError('Configuration', { detail: `${option}: ${fix}` })
}

/** An input that is refused because of these fields. */
export function invalidInput(...fields: readonly string[]): AuthError<'InvalidInput'> {
  return new AuthError('InvalidInput', { fields })
}

/** Whether an error says "this caller is not trusted" rather than "something is broken". */
export function isUntrusted(error: unknown): error is AuthError {
  return isAuthError(error) && error.code === 'UNAUTHORIZED'
}

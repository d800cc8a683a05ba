import { AuthError, isAuthError, type AuthErrorKind } from '@latchkey/core'
import {
  TRPCError,
  type TRPCDefaultErrorData,
  type TRPCDefaultErrorShape,
  type TRPCErrorFormatter,
  type TRPCErrorShape,
} from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'

/**
 * The error that tRPC sends and `onError` logs: an `AuthError` with its code, its fixed message and itself as the cause; a
 * `TRPCError` as it is; anything else as a server error whose cause stays on the server.
 */
export function toTRPCError(error: unknown): TRPCError {
  if (isTRPCError(error)) return error
  if (isAuthError(error)) return new TRPCError({ code: error.code, message: error.publicMessage, cause: error })
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: UNEXPECTED, cause: error })
}

/** The `AuthError` that an error is or was made from, else null: tells the kind on the server, as `error.data.kind` does on the client. */
export function readAuthError(error: unknown): AuthError | null {
  if (isAuthError(error)) return error
  if (!(error instanceof Error)) return null
  // tRPC wraps what a transformer throws over a socket (trpc-facts 26).
  return isAuthError(error.cause) || isTRPCError(error.cause) ? readAuthError(error.cause) : null
}

/** By name too, as tRPC itself does: an app may hold two copies of `@trpc/server`. */
export function isTRPCError(error: unknown): error is TRPCError {
  return error instanceof TRPCError || (error instanceof Error && error.name === 'TRPCError')
}

/** For a procedure of ours that runs without our context: tRPC doesn't check that when routers are nested. Clients get the message too, since the app's developer is the first to read it. */
export function missingContextError(): TRPCError {
  const fix = 'ctx.auth is missing: spread authContext(opts) into what createContext returns'
  const cause = new AuthError('Configuration', { detail: fix })
  return new TRPCError({ code: cause.code, message: `${cause.publicMessage} (${fix})`, cause })
}

/** What a client finds in `error.data` besides tRPC's own fields. */
export interface AuthErrorData<TKind extends string = AuthErrorKind> {
  /** Why it was refused or failed; null if the error isn't this library's. */
  readonly kind: TKind | null
  /** Seconds after which another attempt makes sense (`RateLimited`, `AdapterError`). */
  readonly retryAfter?: number
  /** Which fields of the input are not valid, as dotted paths: `['email', 'address.city']` (`InvalidInput`). */
  readonly fields?: readonly string[]
  /** Seconds: how long ago the sign-in may be (`StepUpRequired`). */
  readonly maxAge?: number
  /** What the session must have been begun with: `'mfa'` (`StepUpRequired`). */
  readonly factor?: string
}

/** What clients get of an error that {@link authErrorFormatter} has formatted. */
export interface AuthErrorShape<TKind extends string = AuthErrorKind> extends TRPCDefaultErrorShape {
  /** tRPC's own, with the kind and what belongs to it. */
  readonly data: TRPCDefaultErrorData & AuthErrorData<TKind>
}

/** The error formatter that types and fills in `error.data.kind`. */
export interface AuthErrorFormatter<TKind extends string = AuthErrorKind> {
  /** Puts the kind of an error into `error.data.kind`, and hides messages that weren't written for clients. */
  (options: Parameters<TRPCErrorFormatter<unknown, AuthErrorShape<TKind>>>[0]): AuthErrorShape<TKind>
  /**
   * Runs an app's own formatter after this one, on a shape that is already safe, and keeps `data.kind` in what it returns.
   *
   * @example authErrorFormatter.with(({ shape, error }) => ({ ...shape, data: { ...shape.data, issues: readIssues(error) } }))
   */
  readonly with: <TShape extends TRPCErrorShape, TContext = unknown>(
    formatter: (options: AuthErrorFormatterOptions<TContext, TKind>) => TShape,
  ) => TRPCErrorFormatter<TContext, TShape & { readonly data: AuthErrorData<TKind> }>
}

/** What an app's formatter receives from {@link AuthErrorFormatter.with}: tRPC's options with the shape that this library made. */
export type AuthErrorFormatterOptions<TContext, TKind extends string = AuthErrorKind> = Parameters<
  TRPCErrorFormatter<TContext, AuthErrorShape<TKind>>
>[0] & {
  /** Safe for clients already: `data.kind` is in it. */
  readonly shape: AuthErrorShape<TKind>
}

/**
 * Puts the kind of an error into `error.data.kind`, typed on the client, and hides messages that weren't written for clients: where
 * tRPC would send the message of whatever was thrown, a driver's or a query's, clients get a fixed one. `onError` sees everything.
 *
 * With plug-ins take the one that `createAuthRouter` returns, which knows their kinds.
 *
 * @example initTRPC.context<typeof createContext>().create({ errorFormatter: authErrorFormatter })
 */
export const authErrorFormatter: AuthErrorFormatter = Object.assign(formatError, { with: composeFormatter })

const UNEXPECTED = 'Internal server error'

function formatError({ error, shape }: Parameters<AuthErrorFormatter>[0]): AuthErrorShape {
  const auth = readAuthError(error)
  const safe = isUnexpected(error) ? describeUnexpected(auth, shape) : shape
  return { ...safe, data: { ...safe.data, ...toErrorData(auth) } }
}

function composeFormatter<TShape extends TRPCErrorShape, TContext>(
  formatter: (options: AuthErrorFormatterOptions<TContext>) => TShape,
): TRPCErrorFormatter<TContext, TShape & { readonly data: AuthErrorData }> {
  return (options) => {
    const shape = formatter({ ...options, shape: formatError(options) })
    return { ...shape, data: { ...shape.data, ...toErrorData(readAuthError(options.error)) } }
  }
}

/** Whether tRPC made this error from something that was thrown: then message and code are not meant for clients. */
function isUnexpected({ code, cause, message }: TRPCError): boolean {
  return code === 'INTERNAL_SERVER_ERROR' && cause !== undefined && cause.message === message
}

/** Without the stack that tRPC adds outside production: it begins with the message. `onError` has it. */
function describeUnexpected(auth: AuthError | null, shape: TRPCDefaultErrorShape): TRPCDefaultErrorShape {
  const { stack: _stack, ...data } = shape.data
  const safe = { ...shape, data }
  return auth ? describeAuthError(auth, safe) : { ...safe, message: UNEXPECTED }
}

/** An `AuthError` that a resolver let through, with the code that it would have had from a guard. */
function describeAuthError(
  { code, status, publicMessage }: AuthError,
  shape: TRPCDefaultErrorShape,
): TRPCDefaultErrorShape {
  return {
    message: publicMessage,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: { ...shape.data, code, httpStatus: status },
  }
}

function toErrorData(error: AuthError | null): AuthErrorData {
  return {
    kind: error?.kind ?? null,
    ...(error?.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error?.fields && { fields: error.fields }),
    ...(error?.stepUp?.maxAge !== undefined && { maxAge: error.stepUp.maxAge }),
    ...(error?.stepUp?.factor !== undefined && { factor: error.stepUp.factor }),
  }
}

import type { AuthErrorKind } from '@latchkey/core'
import type { AnyTRPCRouter, inferRouterError } from '@trpc/server'

/** The kinds of error that a router's calls fail with: the library's, and those of its plug-ins if it has their `authErrorFormatter`. */
export type RouterErrorKind<TRouter extends AnyTRPCRouter> =
  | AuthErrorKind
  | (inferRouterError<TRouter>['data'] extends { readonly kind: infer TKind } ? Extract<TKind, string> : never)

/**
 * Reads why a call was refused or failed. Switch on this, never on the message.
 *
 * It is `error.data.kind`, which `authErrorFormatter` sets on the server. If an app forgot the formatter, it is the word that this library's
 * messages begin with.
 *
 * @example if (readErrorKind<AppRouter>(error) === 'InvitationUsed') … // a plug-in's kind: say which router it comes from
 *
 * @param error anything that a call was rejected with
 * @returns undefined for any other error, such as a network that failed. Never throws
 */
export function readErrorKind<TRouter extends AnyTRPCRouter = never>(
  error: unknown,
): RouterErrorKind<TRouter> | undefined {
  const { data, message }: { readonly data?: unknown; readonly message?: unknown } = Object(error)
  const { kind, code }: { readonly kind?: unknown; readonly code?: unknown } = Object(data)
  const word = code === 'UNAUTHORIZED' ? /^[A-Z][A-Za-z]+(?=: )/.exec(String(message))?.[0] : undefined
  return (typeof kind === 'string' ? kind : word) as RouterErrorKind<TRouter> | undefined // the server wrote it
}

const ENDINGS = /^(SessionExpired|SessionRevoked|TokenReuse)$/

/** Whether this kind ends the session for good. Every other error keeps it. */
export function endsSession(kind: AuthErrorKind | undefined): boolean {
  return ENDINGS.test(String(kind))
}

/** Whether this kind says that the token will never be accepted again. */
export function refusesToken(kind: AuthErrorKind | undefined): boolean {
  return endsSession(kind) || kind === 'InvalidToken'
}

import type { AuthErrorKind } from '@latchkey/core'
import type { AnyTRPCRouter, inferRouterError } from '@trpc/server'

/** The kinds of error that a router's plug-ins add to the library's, if it has their `authErrorFormatter`. */
export type PluginErrorKind<TRouter extends AnyTRPCRouter> = inferRouterError<TRouter>['data'] extends {
  readonly kind: infer TKind
}
  ? Exclude<Extract<TKind, string>, AuthErrorKind>
  : never

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
): AuthErrorKind | PluginErrorKind<TRouter> | undefined {
  const { data, message }: { readonly data?: unknown; readonly message?: unknown } = Object(error)
  const { kind, code }: { readonly kind?: unknown; readonly code?: unknown } = Object(data)
  // The methods of a pattern make a text of whatever they are given.
  const word = code === 'UNAUTHORIZED' ? /^[A-Z][A-Za-z]+(?=: )/.exec(message as string)?.[0] : undefined
  return (typeof kind === 'string' ? kind : word) as AuthErrorKind // the server wrote it
}

const ENDINGS = /^(SessionExpired|SessionRevoked|TokenReuse)$/

/** Whether this kind ends the session for good. Every other error keeps it. */
export function endsSession(kind: AuthErrorKind | undefined): boolean {
  return ENDINGS.test(kind as string) // undefined is none of them
}

/** Whether this kind says that the token will never be accepted again. */
export function refusesToken(kind: AuthErrorKind | undefined): boolean {
  return endsSession(kind) || kind === 'InvalidToken'
}

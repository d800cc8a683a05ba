import type { AuthErrorKind } from '@latchkey/core'

/**
 * The kind of a refusal as a client sees it: `error.data.kind` through `authErrorFormatter`; where an app forgot the formatter, the
 * word that our fixed messages begin with. Undefined for what isn't ours, a network failure among them.
 */
export function readErrorKind(error: unknown): AuthErrorKind | undefined {
  const { data, message }: { readonly data?: unknown; readonly message?: unknown } = Object(error)
  const { kind, code }: { readonly kind?: unknown; readonly code?: unknown } = Object(data)
  const word = code === 'UNAUTHORIZED' ? /^[A-Z][A-Za-z]+(?=: )/.exec(String(message))?.[0] : undefined
  return (typeof kind === 'string' ? kind : word) as AuthErrorKind | undefined // the server wrote it
}

const ENDINGS = /^(SessionExpired|SessionRevoked|TokenReuse)$/

/** Whether a refusal says that the session is over for good. Everything else keeps it. */
export function endsSession(kind: AuthErrorKind | undefined): boolean {
  return ENDINGS.test(String(kind))
}

/** Whether a refusal says that the token is worth nothing, now or ever again. */
export function refusesToken(kind: AuthErrorKind | undefined): boolean {
  return endsSession(kind) || kind === 'InvalidToken'
}

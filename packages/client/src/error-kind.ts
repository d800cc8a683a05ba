import type { AuthErrorKind } from '@latchkey/core'

/**
 * The kind of a refusal as a client sees it: `error.data.kind` through `authErrorFormatter`; where an app forgot the formatter, the
 * word that our fixed messages begin with (C6). Undefined for what isn't ours, a network failure among them.
 */
export function readErrorKind(error: unknown): AuthErrorKind | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { data, message }: { readonly data?: unknown; readonly message?: unknown } = error
  if (typeof data === 'object' && data !== null && 'kind' in data && typeof data.kind === 'string')
    return data.kind as AuthErrorKind // the server's formatter wrote it
  const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : undefined
  const word = typeof message === 'string' ? /^([A-Z][A-Za-z]+): /.exec(message)?.[1] : undefined
  return code === 'UNAUTHORIZED' ? (word as AuthErrorKind | undefined) : undefined // our messages begin with it
}

const ENDINGS: ReadonlySet<string | undefined> = new Set(['SessionExpired', 'SessionRevoked', 'TokenReuse'])

/** Whether a refusal says that the session is over for good (R11). Everything else keeps it. */
export function endsSession(kind: AuthErrorKind | undefined): boolean {
  return ENDINGS.has(kind)
}

import { readErrorKind } from '@latchkey/client'
import type { AuthErrorKind } from '@latchkey/core'

const SENTENCES: Readonly<Record<string, string>> = {
  SessionRequired: 'Nobody is signed in: sign-in EMAIL.',
  SessionExpired: 'The session has expired: sign-in EMAIL.',
  SessionRevoked: 'The session was ended elsewhere: sign-in EMAIL.',
  TokenReuse: 'A copy of the tokens was used, so the session was ended. If it wasn’t you, change the password.',
  CredentialsSignin: 'That e-mail and password do not belong together.',
  RateLimited: 'Too many attempts. Wait a little.',
  AccessDenied: 'You may not do this.',
}

/** What went wrong, for a person. */
export function describeFailure(error: unknown, ending: AuthErrorKind | undefined): string {
  const kind = ending ?? readErrorKind(error)
  if (kind) return SENTENCES[kind] ?? `The server refused: ${kind}.`
  if (error instanceof Error && error.message === 'fetch failed') return 'The server does not answer.'
  return error instanceof Error ? error.message : String(error)
}

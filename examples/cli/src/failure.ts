import { readErrorKind } from '@latchkey/client'
import type { AuthErrorKind } from '@latchkey/core'
import { TRPCClientError } from '@trpc/client'

/** The command line asks for what can't be done; its message is for the person who wrote it. */
export class UsageError extends Error {}

export interface Circumstances {
  readonly url: string
  /** Why the session ended during this run, if it did. */
  readonly ending: AuthErrorKind | undefined
}

const SENTENCES: Readonly<Record<string, string>> = {
  SessionRequired: 'Nobody is signed in: sign-in EMAIL.',
  SessionExpired: 'The session has expired: sign-in EMAIL.',
  SessionRevoked: 'The session was ended elsewhere: sign-in EMAIL.',
  TokenReuse: 'A copy of the tokens was used, so the session was ended. If it wasn’t you, change the password.',
  InvalidToken: 'The server does not know these tokens: sign-in EMAIL.',
  InvalidInput: 'Write a whole e-mail address and a password.',
  CredentialsSignin: 'That e-mail and password do not belong together.',
  RateLimited: 'Too many attempts. Wait a little.',
  AccessDenied: 'You may not do this.',
  AdapterError: 'The server’s database does not answer. Nobody was signed out; try again in a moment.',
}

/** What went wrong, as a sentence for a person. */
export function describeFailure(error: unknown, { url, ending }: Circumstances): string {
  const kind = ending ?? readErrorKind(error)
  if (kind) return SENTENCES[kind] ?? `The server refused: ${kind}.`
  if (error instanceof TRPCClientError) return describeAnswer(error, url)
  if (!(error instanceof Error)) return String(error)
  // Of files and folders Node says which, and why: "EACCES: permission denied, open '/etc/tokens.json'".
  return 'syscall' in error ? `The file of the tokens can't be used. ${error.message}.` : error.message
}

/** A response without a kind: there was none, or it wasn't the demo's, or the demo failed. */
function describeAnswer({ data, cause, message }: TRPCClientError<never>, url: string): string {
  if (data) return 'Something went wrong on the server. Try again.'
  if (message === 'fetch failed')
    return `Nothing answers at ${url}. Start the demo with npm run demo, or name it with --url.`
  // What a storage says travels in an error of tRPC's, too.
  if (cause && !(cause instanceof SyntaxError) && 'syscall' in cause)
    return `The file of the tokens can't be used. ${cause.message}.`
  if (cause instanceof SyntaxError || message.startsWith('Unable to transform'))
    return `What answers at ${url} is not the demo.`
  return message
}

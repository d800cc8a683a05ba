import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from '../../server/router.ts'

export type ErrorData = NonNullable<TRPCClientError<AppRouter>['data']>

/** What the server said of an error; null if the response isn't the demo's. */
export function readErrorData(error: unknown): ErrorData | null {
  if (!(error instanceof TRPCClientError)) return null
  return (error as TRPCClientError<AppRouter>).data ?? null // every call goes to this router
}

/** Why a page's call was refused, for the person who finds the sign-in page in its place. */
export function whySignedOut(kind: ErrorData['kind'] | undefined): string {
  if (kind === 'SessionRevoked')
    return 'This session was ended, perhaps from another of your devices. Sign in to go on.'
  if (kind === 'SessionExpired') return 'Your session has expired. Sign in to go on.'
  return 'You are signed out. Sign in to go on.'
}

/** What an error means to the person in front of it, and what they can do. */
export function describeError(error: unknown): string {
  const data = readErrorData(error)
  if (!data) return 'The server does not answer. Check that it is running, then try again.'
  if (data.kind === 'RateLimited') return `Too many attempts. Try again ${inMinutes(data.retryAfter)}.`
  return (data.kind && SENTENCES[data.kind]) ?? 'Something went wrong on the server. Try again.'
}

const SENTENCES: { readonly [TKind in NonNullable<ErrorData['kind']>]?: string } = {
  CredentialsSignin: 'That e-mail and password do not belong together. Check both and try again.',
  InvalidInput: 'Write a whole e-mail address and a password.',
  AccessDenied: 'You may not do this.',
  NotFound: 'That is gone already.',
  StepUpRequired: 'You signed in a while ago. Sign out, and in again, to do this.',
  TooManyApiKeys: 'You have as many keys as one may have. Revoke one first.',
  UntrustedOrigin:
    'The demo is open under an address that it does not trust. Use the one that it printed when it started.',
  AdapterError: 'The database does not answer. Nobody was signed out; try again in a moment.',
}

function inMinutes(seconds = 60): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes <= 1 ? 'in a minute' : `in ${minutes} minutes`
}

import { PasskeyError } from '@latchkey/passkey/client'
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
  if (error instanceof PasskeyError) return PASSKEY_SENTENCES[error.reason]
  const data = readErrorData(error)
  if (!data) return 'The server does not answer. Check that it is running, then try again.'
  if (data.kind === 'RateLimited') return `Too many attempts. Try again ${inMinutes(data.retryAfter)}.`
  return (data.kind && SENTENCES[data.kind]) ?? 'Something went wrong on the server. Try again.'
}

/** The same for a kind of error alone: what a redirect says when a sign-in did not end well. */
export function explainKind(kind: string): string {
  return (Object.hasOwn(SENTENCES, kind) && SENTENCES[kind as ErrorKind]) || 'The sign-in did not end well. Try again.'
}

type ErrorKind = NonNullable<ErrorData['kind']>

const SENTENCES: { readonly [TKind in NonNullable<ErrorData['kind']>]?: string } = {
  CredentialsSignin: 'That e-mail and password do not belong together. Check both and try again.',
  InvalidInput: 'Write a whole e-mail address and a password.',
  AccessDenied: 'You may not do this, or you pressed Cancel.',
  OAuthAccountNotLinked:
    'There is an account with this address already. Sign in as you did before, then link the other one on the page “Account”.',
  LastWayIn: 'This is the last way in that you have. Add another one first.',
  EmailTaken: 'There is an account with this address already.',
  PasswordTooShort: 'A password has at least 8 characters.',
  PasswordTooCommon: 'That password is too easy to guess. Take another.',
  PasswordBreached: 'That password is known from a leak. Take another.',
  OAuthCallbackError: 'The sign-in at Demo ID did not end well. Begin again.',
  OAuthUnavailable: 'Demo ID does not answer. Try again in a moment.',
  NotFound: 'That is gone already.',
  StepUpRequired: 'You signed in a while ago. Sign out, and in again, to do this.',
  TooManyApiKeys: 'You have as many keys as one may have. Revoke one first.',
  UntrustedOrigin:
    'The demo is open under an address that it does not trust. Use the one that it printed when it started.',
  AdapterError: 'The database does not answer. Nobody was signed out; try again in a moment.',
}

const PASSKEY_SENTENCES = {
  cancelled: 'No passkey was chosen.',
  notSupported: 'This browser or device has no passkeys.',
  alreadyRegistered: 'This device has a passkey for your account already.',
  failed: 'The passkey could not be used.',
} as const

function inMinutes(seconds = 60): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes <= 1 ? 'in a minute' : `in ${minutes} minutes`
}

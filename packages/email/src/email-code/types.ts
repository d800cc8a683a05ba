import type { Plugin } from '@latchkey/core'
import type { EmailSent } from '../shared/sent.ts'

/** What `signIn` takes: without `code` it sends one, with it signs in. */
export interface EmailCodeInput {
  /** Which way: with a code by mail. */
  readonly provider: 'email-code'
  /** The person's address. */
  readonly email: string
  /** The digits of the mail; spaces don't matter. */
  readonly code?: string | undefined
  /** In the token flow: what the response to the request for the code had as `request`. */
  readonly request?: string | undefined
}

/** The plug-in that `emailCode()` makes. */
export interface EmailCode extends Plugin<
  'emailCode',
  { signIn: EmailCodeInput; answers: EmailSent; errors: 'EmailCodeExpired' }
> {}

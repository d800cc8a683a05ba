import type { Operation, Plugin } from '@latchkey/core'
import type { EmailSent } from '../shared/sent.ts'

/** What the person of an account may do: `auth.account.*`, beside what the library has there. */
export interface ChangeEmailOperations {
  /**
   * Sends a code to a new address, and a notice to the old one. Nothing changes yet. For people who signed in recently. The response is the same
   * if another account has the address.
   */
  readonly changeEmail: Operation<'mutation', { readonly email: string }, EmailSent>
  /** Changes the address, with the code that was sent to the new one. All other sessions end, and the old address gets a notice. */
  readonly confirmEmail: Operation<'mutation', { readonly code: string }, { readonly email: string }>
}

/** The plug-in that `changeEmail()` makes. */
export interface ChangeEmail extends Plugin<
  'account',
  { operations: ChangeEmailOperations; errors: 'EmailChangeExpired' | 'EmailChangeTaken' }
> {}

import type { Operation, Plugin, SignedIn } from '@latchkey/core'
import type { Change, Credentials, Forgot, Reset, SetPassword, SignUp, Verify } from './input.ts'
import type { PasswordRefusal } from './rules/rules.ts'

/** A mail was sent, or would have been: the same whether an account exists or not. */
export interface Sent {
  readonly status: 'sent'
}

/** What a form may say before it is sent. */
export interface PasswordRules {
  /** The least number of characters, as Unicode counts code points. */
  readonly minLength: number
  /** The most. */
  readonly maxLength: number
}

/** What people may do with passwords: `auth.password.*`. */
export interface PasswordOperations {
  /**
   * Creates an account and signs in. If the address must be verified first, it sends a mail instead (`'sent'`), also if an account has the address:
   * then the mail says so. Without verification that is refused with `EmailTaken`.
   */
  readonly signUp: Operation<'mutation', SignUp, SignedIn | Sent>
  /**
   * Creates the account of a sign-up whose mail was received, and signs in. In another browser than the one that signed up it asks for the
   * password too (`PasswordRequired`): the mail alone doesn't show that the password is the reader's.
   */
  readonly verifyEmail: Operation<'mutation', Verify, SignedIn>
  /** Changes the password of whoever is signed in. All other sessions end, and this one is replaced. */
  readonly change: Operation<'mutation', Change, SignedIn>
  /** Sets the first password of an account that was made another way. For people who signed in recently. */
  readonly set: Operation<'mutation', SetPassword, { readonly set: true }>
  /** Sends a link that resets the password, if there is an account. */
  readonly forgot: Operation<'mutation', Forgot, Sent>
  /** Sets a new password by the token of that link, ends all sessions, and signs in. A second factor is asked for all the same. */
  readonly reset: Operation<'mutation', Reset, SignedIn>
  /** How long a password must and may be. */
  readonly rules: Operation<'query', void, PasswordRules>
}

/** For the server alone: `auth.accounts.*`. */
export interface PasswordAccounts {
  /**
   * Gives a user of the store a hash that another system has made. It is replaced when they sign in.
   *
   * @returns false if they have a password: then nothing is written
   * @throws AuthError `Configuration` for a hash that neither the hasher nor one of `legacy` reads; `AdapterError` if there is no such user
   */
  readonly importPasswordHash: (params: { readonly userId: string; readonly hash: string }) => Promise<boolean>
}

/** Kinds of error of this plug-in's own. */
export type PasswordErrorKind = PasswordRefusal | 'EmailTaken' | 'PasswordExists' | 'PasswordRequired'

/** What `signIn` takes for it. */
export interface SignInWithPassword extends Credentials {
  /** Which way: with a password. */
  readonly provider: 'password'
}

/** The plug-in that `password()` makes. */
export interface Password extends Plugin<
  'password',
  { operations: PasswordOperations; signIn: SignInWithPassword; errors: PasswordErrorKind; accounts: PasswordAccounts }
> {}

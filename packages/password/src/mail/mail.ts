/** A mail that `send` is asked for. Its texts are the app's; nothing in it was typed by a user but the address itself. */
export type PasswordMail = VerifyEmailMail | AccountExistsMail | ResetPasswordMail | PasswordChangedMail

/** Somebody signed up with this address: the link verifies that they get its mail. */
export interface VerifyEmailMail {
  readonly type: 'verifyEmail'
  /** The address: one, normalised. */
  readonly to: string
  /** The link: a page of the app's (`pages.verify`), with the token behind `#token=`. Opening it changes nothing. */
  readonly url: string
  /** What the page posts to `verifyEmail`. */
  readonly token: string
  /** Seconds for which it works. */
  readonly expiresIn: number
}

/** Somebody signed up with this address, and an account has it. Say so, and that nothing has changed. */
export interface AccountExistsMail {
  readonly type: 'accountExists'
  readonly to: string
  /** The app's start page. */
  readonly url: string
}

/** Somebody has forgotten the password of this account. */
export interface ResetPasswordMail {
  readonly type: 'resetPassword'
  readonly to: string
  /** The link: a page of the app's (`pages.reset`), with the token behind `#token=`. Opening it changes nothing. */
  readonly url: string
  /** What the page posts to `reset`, with the new password. */
  readonly token: string
  /** Seconds for which it works. */
  readonly expiresIn: number
}

/** The account's password was changed, reset or set: whoever didn't do that should know. */
export interface PasswordChangedMail {
  readonly type: 'passwordChanged'
  readonly to: string
  /** When. */
  readonly at: Date
}

import type { Awaitable, Duration } from '@latchkey/core'
import type { PasswordHasher, PasswordVerifier } from './hashing/hasher.ts'
import type { PasswordMail } from './mail/mail.ts'
import type { BreachCheck } from './rules/breached.ts'

/** At most so many in a window of time. */
export interface MailLimit {
  /** How many mails. */
  readonly max: number
  /** Seconds, or text with a unit: `'1h'`. */
  readonly window: Duration
}

/** How many mails strangers may cause. */
export interface MailLimits {
  /** To one address, for each kind of mail. @default { max: 5, window: '1h' } */
  readonly perAddress?: MailLimit
  /** By one client, if its address is known. @default { max: 20, window: '1h' } */
  readonly perClient?: MailLimit
  /** In all. @default { max: 1000, window: '1h' } */
  readonly total?: MailLimit
}

/** Pages of the app's that links in mails lead to: paths under `baseUrl`. */
export interface PasswordPages {
  /** Posts its token to `verifyEmail`. @default '/verify-email' */
  readonly verify?: string
  /** Asks for a new password and posts it with its token to `reset`. @default '/reset-password' */
  readonly reset?: string
}

/** What `password()` takes. */
export interface PasswordOptions {
  /**
   * Sends a mail. It is called after the response, so that no response tells whether an account exists; a failure is logged.
   *
   * @default none: nothing is verified, and a forgotten password can't be reset
   */
  readonly send?: (mail: PasswordMail) => Awaitable<unknown>
  /**
   * Keeps a serverless function alive until a mail was sent: `after` of Next.js, `ctx.waitUntil` of Cloudflare Workers.
   *
   * @default none: the process goes on after a response
   */
  readonly waitUntil?: (work: Promise<void>) => void
  /**
   * Whether somebody who signs up must show that they get the mail of their address, before their account exists. Without it, a sign-up says
   * by `EmailTaken` who has an account.
   *
   * @default true if there is `send`
   */
  readonly verify?: boolean
  /** Where the links in mails lead. @default the app's `/verify-email` and `/reset-password` */
  readonly pages?: PasswordPages
  /**
   * The least number of characters of a password. NIST recommends 15 where a password is all that is asked for, and 8 beside a second factor.
   *
   * @default 8
   */
  readonly minLength?: number
  /** Words that make no password, such as the app's name. The person's own address is refused anyway. @default none */
  readonly words?: readonly string[]
  /**
   * Whether a password is known from leaks: `haveIBeenPwned()`, or a check of the app's own. A check that fails is logged, and the password accepted.
   *
   * @default none
   */
  readonly breached?: BreachCheck
  /**
   * How passwords are hashed.
   *
   * @default argon2id(); where native code can't run, pbkdf2(), with a warning
   */
  readonly hasher?: PasswordHasher
  /**
   * Kinds of hashes that came from elsewhere, of `@latchkey/password/legacy`. Each is replaced when its owner signs in.
   *
   * @default none
   */
  readonly legacy?: readonly PasswordVerifier[]
  /** How many passwords are hashed at a time, in one process. @default 2, and 1 where the process has fewer than three processors */
  readonly maxConcurrent?: number
  /** How many may wait for that. Whoever comes then gets `RateLimited` at once. @default 100 */
  readonly maxWaiting?: number
  /** How long the link works that verifies an address. @default '1d' */
  readonly verifyMaxAge?: Duration
  /** How long the link works that resets a password; at most an hour. @default '30m' */
  readonly resetMaxAge?: Duration
  /** How many mails strangers may cause. @default 5 an hour to one address, 20 by one client, 1000 in all */
  readonly mailLimits?: MailLimits
}

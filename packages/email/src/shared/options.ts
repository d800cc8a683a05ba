import type { Duration } from '@latchkey/core'
import type { EmailMessage, Send } from './messages.ts'

/** How many mails there may be in a window of time. */
export interface SendLimit {
  readonly max: number
  /** Seconds, or text with a unit: `'1h'`. */
  readonly window: Duration
}

/** How many mails are sent before a further request is refused (`RateLimited`). Mails cost money, and fill somebody's inbox. */
export interface SendLimits {
  /**
   * To one address, for clients that nobody has signed in with at that address before. It bounds guessing, too: see `guesses`.
   *
   * @default { max: 10, window: '1h' }
   */
  readonly perAddress?: SendLimit
  /**
   * To one address for one client (IPv6: one /64), so that no single one uses up `perAddress`. Not counted if the client's address isn't known.
   *
   * @default { max: 5, window: '1h' }
   */
  readonly perAddressAndClient?: SendLimit
  /**
   * For one client, whatever the addresses.
   *
   * @default { max: 50, window: '1h' }
   */
  readonly perClient?: SendLimit
  /**
   * To one address for a browser or app with which its person has signed in before. These mails are counted here only, so that requests of
   * strangers never keep the person out.
   *
   * @default { max: 10, window: '1h' }
   */
  readonly perDevice?: SendLimit
  /**
   * In all, for everybody except such browsers and apps.
   *
   * @default { max: 1_000, window: '1h' }
   */
  readonly total?: SendLimit
}

/** What every plug-in of this package takes. */
export interface MailOptions<TMessage extends EmailMessage> {
  /** Sends a mail. It runs after the response, so that its time tells nobody whether an account exists. */
  readonly send: Send<TMessage>
  /**
   * How long a code or a link works. At most ten minutes.
   *
   * @default '10m'
   */
  readonly maxAge?: Duration
  /**
   * How many digits a code has: 6 to 10.
   *
   * @default 6
   */
  readonly digits?: number
  /**
   * How many guesses there are at one code, right ones included: 1 to 10. `createAuth` refuses a configuration in which a day of guesses at one
   * address would succeed with a probability of 1 % or more.
   *
   * @default 5
   */
  readonly guesses?: number
  /** How many mails are sent. @default each of its members has one */
  readonly limits?: SendLimits
  /**
   * Keeps the runtime alive until a mail was sent. Serverless platforms need it, for they stop after the response: pass their `waitUntil`.
   *
   * @default nothing: a server goes on running
   */
  readonly waitUntil?: (sending: Promise<void>) => void
}

/** What the plug-ins that sign people in take besides. */
export interface SignInMailOptions<TMessage extends EmailMessage> extends MailOptions<TMessage> {
  /**
   * Whether somebody whose address has no account gets one, once they have proven the address. If not, no mail is sent to them, and the response
   * is the same.
   *
   * @default true
   */
  readonly signUp?: boolean
}

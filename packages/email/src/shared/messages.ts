import type { Awaitable } from '@latchkey/core'

/** What the log says of a mail that `send` has failed with: no address. */
export const NOT_SENT = 'a mail could not be sent'

interface Message<TType extends string> {
  /** What the mail is for. */
  readonly type: TType
  /** The only recipient: one address, in lower case, without a name. */
  readonly to: string
}

/** A code to sign in with. */
export interface CodeMessage extends Message<'code'> {
  /** Digits, as text: they may begin with a 0. */
  readonly code: string
  /** Seconds for which the code works. */
  readonly expiresIn: number
}

/** A link to sign in with. */
export interface LinkMessage extends Message<'link'> {
  /** An address under `baseUrl`, or of the app's own page. */
  readonly url: string
  /** Seconds for which the link works. */
  readonly expiresIn: number
}

/** A code that proves a new address of somebody who is signed in. */
export interface ChangeCodeMessage extends Message<'changeCode'> {
  /** Digits, as text: they may begin with a 0. */
  readonly code: string
  /** Seconds for which the code works. */
  readonly expiresIn: number
}

/** To the old address: a change was asked for. Nothing has changed yet. */
export interface ChangeRequestedMessage extends Message<'changeRequested'> {}

/** To the old address: it no longer belongs to the account. */
export interface ChangedMessage extends Message<'changed'> {}

/** To an address that has an account: the person of another account has asked to change to it. Nothing has changed. */
export interface AddressInUseMessage extends Message<'addressInUse'> {}

/** Every mail of a change of address. */
export type ChangeMessage = ChangeCodeMessage | ChangeRequestedMessage | ChangedMessage | AddressInUseMessage

/** Every mail of this package. None has text that somebody typed, but for the recipient's address. */
export type EmailMessage = CodeMessage | LinkMessage | ChangeMessage

/**
 * Hands a mail over to a mail server or service. Nobody waits for it: what it throws is logged.
 *
 * @example const send: Send<EmailMessage> = async (message) => { await transport.sendMail({ to: message.to, … }) }
 */
export type Send<TMessage extends EmailMessage> = (message: TMessage) => Awaitable<unknown>

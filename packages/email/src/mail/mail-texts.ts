import type { EmailMessage } from '../shared/messages.ts'
import type { MailText } from './mail-text.ts'

/** Where the mails come from. */
export interface MailTextOptions {
  /** The app's name, as people know it. */
  readonly app: string
}

/**
 * English texts for every mail of this package. For another language, write a function that returns the same for each `message.type`.
 *
 * @example const { subject, text, html } = renderMail(mailTexts(message, { app: 'Notes' }))
 */
export function mailTexts(message: EmailMessage, { app }: MailTextOptions): MailText {
  switch (message.type) {
    case 'code':
      return {
        subject: `Your code for ${app}`,
        paragraphs: [`Type this code to sign in to ${app}:`],
        code: message.code,
        notes: [
          `It works for ${minutes(message.expiresIn)}, once, and only where you asked for it.`,
          `${app} never asks for it on the phone or in a message: tell it to nobody.`,
          'If you did not ask for it, do nothing. Nobody can sign in without the code.',
        ],
      }
    case 'link':
      return {
        subject: `Sign in to ${app}`,
        paragraphs: ['Open this link in the browser where you asked for it, and press the button there.'],
        button: { label: `Sign in to ${app}`, url: message.url },
        notes: [
          `It works for ${minutes(message.expiresIn)}, once.`,
          'If you did not ask for it, do nothing. Do not pass it on to anybody.',
        ],
      }
    case 'changeCode':
      return {
        subject: `Confirm this address for ${app}`,
        paragraphs: [`Type this code to use this address for your ${app} account:`],
        code: message.code,
        notes: [
          `It works for ${minutes(message.expiresIn)}, once, and only for the account that asked for it.`,
          `${app} never asks for it on the phone or in a message: tell it to nobody.`,
          'If you did not ask for it, do nothing. No account gets your address without the code.',
        ],
      }
    case 'changeRequested':
      return {
        subject: `A new address for your ${app} account`,
        paragraphs: [
          `Somebody who is signed in to your ${app} account has asked to give it another e-mail address. Nothing has changed yet.`,
          `If it was you, you need not do anything here. If it was not, sign in to ${app} now and end all other sessions.`,
        ],
      }
    case 'changed':
      return {
        subject: `Your ${app} account has a new address`,
        paragraphs: [
          `Your ${app} account now has another e-mail address. This one can no longer be used to sign in to it.`,
          `If it was not you who changed it, tell the people of ${app} at once.`,
        ],
      }
    case 'addressInUse':
      return {
        subject: `You have an account with ${app}`,
        paragraphs: [
          `Somebody has asked to use this address for another ${app} account. You have an account with it already, so nothing has changed.`,
          `If it was you, sign in with this address instead. If it was not, you need not do anything.`,
        ],
      }
  }
}

function minutes(seconds: number): string {
  const count = Math.max(1, Math.floor(seconds / 60))
  return count === 1 ? 'one minute' : `${count} minutes`
}

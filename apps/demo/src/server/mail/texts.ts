import type { MailText } from '@latchkey/email'
import type { PasswordMail } from '@latchkey/password'

const NOT_YOU = 'If you did not ask for it, do nothing. Nobody gets in without this mail.'

/** What the mails about passwords say. Those of `@latchkey/email` have texts of their own. */
export function passwordText(mail: PasswordMail): MailText {
  switch (mail.type) {
    case 'verifyEmail':
      return {
        subject: 'Confirm your address',
        paragraphs: ['You are one click away from your account.'],
        button: { label: 'Confirm it', url: mail.url },
        notes: [NOT_YOU],
      }
    case 'accountExists':
      return {
        subject: 'You have an account already',
        paragraphs: ['Somebody tried to create an account with your address. You have one, and nothing has changed.'],
        button: { label: 'Sign in', url: mail.url },
      }
    case 'resetPassword':
      return {
        subject: 'Choose another password',
        paragraphs: [`This link works once, for ${mail.expiresIn / 60} minutes.`],
        button: { label: 'Choose another password', url: mail.url },
        notes: [NOT_YOU],
      }
    case 'passwordChanged':
      return {
        subject: 'Your password was changed',
        paragraphs: ['You are signed out everywhere else. If that wasn’t you, reset your password now.'],
      }
  }
}

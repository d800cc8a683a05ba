import { type EmailMessage, type MailText, mailTexts, renderMail } from '@latchkey/email'
import type { PasswordMail } from '@latchkey/password'
import { createTransport } from 'nodemailer'
import { env } from '../env.ts'
import { keepMail } from './mailbox.ts'
import { passwordText } from './texts.ts'

const APP = 'Latchkey demo'

export const sendPasswordMail = (mail: PasswordMail) => sendMail(mail.to, passwordText(mail))

export const sendEmail = (message: EmailMessage) => sendMail(message.to, mailTexts(message, { app: APP }))

// Without SMTP_URL a mail is made, as it would be for a server, and goes nowhere.
const transport = env.smtpUrl ? createTransport(env.smtpUrl) : createTransport({ jsonTransport: true })

/** Sends a mail: to SMTP_URL, or to the page "Mailbox". */
async function sendMail(address: string, content: MailText): Promise<void> {
  const mail = renderMail(content, { color: '#80570c' })
  // An address as an object: nothing in it can name a second recipient.
  await transport.sendMail({ from: { name: APP, address: env.mailFrom }, to: { name: '', address }, ...mail })
  if (!env.smtpUrl) await keepMail({ to: address, ...mail })
}

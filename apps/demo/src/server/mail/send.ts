import { createTransport } from 'nodemailer'
import { env } from '../env.ts'
import { keepMail } from './mailbox.ts'

/** What a mail says, in both forms. */
export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

// Without SMTP_URL a mail is made, as it would be for a server, and goes nowhere.
const transport = env.smtpUrl ? createTransport(env.smtpUrl) : createTransport({ jsonTransport: true })

/** Sends a mail: to SMTP_URL, or to the page "Mailbox". */
export async function sendMail(to: string, { subject, text, html }: MailText): Promise<void> {
  // An address as an object: nothing in it can name a second recipient.
  await transport.sendMail({
    from: { name: 'Latchkey demo', address: env.mailFrom },
    to: { name: '', address: to },
    subject,
    text,
    html,
  })
  if (!env.smtpUrl) keepMail({ to, subject, text, html })
}

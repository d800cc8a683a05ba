import { randomUUID } from 'node:crypto'

/** A mail that the demo has sent. It is shown on the page "Mailbox" and goes nowhere else. */
export interface Mail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly sentAt: Date
}

const mails: Mail[] = []
/** The oldest go first. */
const MAX = 50

export function keepMail(mail: Omit<Mail, 'id' | 'sentAt'>): void {
  mails.unshift({ ...mail, id: randomUUID(), sentAt: new Date() })
  mails.length = Math.min(mails.length, MAX)
}

/** Newest first. */
export function listMails(): readonly Mail[] {
  return mails
}

export function findMail(id: string): Mail | null {
  return mails.find((mail) => mail.id === id) ?? null
}

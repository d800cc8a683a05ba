import { randomUUID } from 'node:crypto'
import { db } from '../db.ts'

/** A mail that the demo has sent. It is shown on the page "Mailbox" and goes nowhere else. */
export interface Mail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly sentAt: Date
}

/** How many are shown. What is older than an hour is deleted. */
const MAX = 50
const KEEP_FOR = 3_600_000

export async function keepMail({ to, subject, text, html }: Omit<Mail, 'id' | 'sentAt'>): Promise<void> {
  const sentAt = Date.now()
  await db
    .deleteFrom('mails')
    .where('sentAt', '<', sentAt - KEEP_FOR)
    .execute()
  await db.insertInto('mails').values({ id: randomUUID(), to, subject, text, html, sentAt }).execute()
}

/** Newest first. */
export async function listMails(): Promise<readonly Mail[]> {
  const rows = await db.selectFrom('mails').selectAll().orderBy('sentAt', 'desc').limit(MAX).execute()
  return rows.map((row) => ({ ...row, sentAt: new Date(Number(row.sentAt)) }))
}

export async function findHtml(id: string): Promise<string | null> {
  const row = await db.selectFrom('mails').select('html').where('id', '=', id).executeTakeFirst()
  return row?.html ?? null
}

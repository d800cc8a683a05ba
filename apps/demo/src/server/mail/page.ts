import type { ServerResponse } from 'node:http'
import { findMail } from './mailbox.ts'

/**
 * Serves the HTML of one mail, for a frame of the page "Mailbox". A mail program runs no scripts either, and opens links in a window of
 * their own.
 */
export function sendMailPage(res: ServerResponse, id: string): void {
  const mail = findMail(id)
  res.statusCode = mail ? 200 : 404
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  )
  res.end(mail?.html ?? 'This mail is gone.')
}

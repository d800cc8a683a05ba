import type { ServerResponse } from 'node:http'
import { env } from '../env.ts'
import { findHtml } from './mailbox.ts'

/**
 * Serves the HTML of one mail, for a frame of the page "Mailbox". A mail program runs no scripts either, and opens links in a window of
 * their own.
 */
export async function sendMailPage(res: ServerResponse, id: string): Promise<void> {
  const html = env.showsMailbox ? await findHtml(id) : null
  res.statusCode = html === null ? 404 : 200
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  )
  res.end(html ?? 'This mail is gone.')
}

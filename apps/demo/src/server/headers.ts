import type { ServerResponse } from 'node:http'

const POLICY = [
  `default-src 'self'`,
  `base-uri 'none'`,
  `object-src 'none'`,
  `form-action 'self'`,
  // No other site may frame these pages (clickjacking).
  `frame-ancestors 'none'`,
].join('; ')

/** The headers of every response, pages and JSON alike (OWASP ASVS 3.4). */
export function setSecurityHeaders(res: ServerResponse, isHttps: boolean): void {
  res.setHeader('Content-Security-Policy', POLICY)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Referrer-Policy', 'same-origin')
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  // Browsers ignore it over http, and remembering it for localhost would lock other projects out.
  if (isHttps) res.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
}

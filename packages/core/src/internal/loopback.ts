/**
 * Whether a URL's hostname is this machine itself: only there is http as safe as https.
 *
 * @example isLoopback(new URL('http://localhost:3000').hostname) // true
 */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}

/**
 * The page on which a sign-in in a popup ends: it tells the page that opened the popup how it ended, and closes.
 *
 * What it tells stands in its own fragment, which no server and no other site sees. A fragment that somebody else has made up does no harm:
 * `signInWith` takes a message only with the `id` that it has made for this popup.
 */
export function popupPage(): Response {
  return new Response(PAGE, { headers: HEADERS })
}

/**
 * Two ways, because each fails somewhere: the channel if the app's page is on another origin than this one, the opener if the provider's pages
 * allow no connection to it (`Cross-Origin-Opener-Policy`). The message is posted to the origin that asked for the popup, and to no other.
 */
const SCRIPT = `
const { origin, ...fields } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
history.replaceState(null, '', location.pathname)
const message = { ...fields, type: 'latchkey.signIn' }
try { new BroadcastChannel('latchkey:popup').postMessage(message) } catch {}
try { opener?.postMessage(message, origin) } catch {}
close()
`

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Signing in</title>
<p>You can close this window.</p>
<script>${SCRIPT}</script>
</html>
`

/** The SHA-256 of the script (CSP level 3, section 2.3.1), checked by a test. */
const SCRIPT_HASH = 'X2QGgue8Ca22glvuQmhq7JXcZvMra8JTlfRnA0DyhLI='

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cross-origin-opener-policy': 'unsafe-none',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

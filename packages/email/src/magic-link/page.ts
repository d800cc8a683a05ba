import { escapeHtml } from '../shared/html.ts'

/** What a page says, and what can be done there. All of it is this package's or the configuration's. */
export interface Page {
  readonly status: number
  readonly title: string
  readonly paragraphs: readonly string[]
  /** Shown large, to be copied. */
  readonly code?: string
  /** A button that posts an empty form. */
  readonly button?: { readonly label: string; readonly action: string }
  /** What comes after the code. */
  readonly note?: string
  readonly link?: { readonly label: string; readonly href: string }
}

/** A page without scripts, images or anything else of other origins, in no frame, which no cache keeps and whose address is told to no other site. */
export function pageResponse(page: Page): Response {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  return new Response(renderPage(page, nonce), {
    status: page.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      // Without form-action: browsers apply it to the redirect after the form, too, which may lead to another origin that the app trusts.
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    },
  })
}

function renderPage({ title, paragraphs, code, button, note, link }: Page, nonce: string): string {
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    code && renderCode(code),
    button &&
      `<form method="post" action="${escapeHtml(button.action)}"><button type="submit">${escapeHtml(button.label)}</button></form>`,
    note && `<p>${escapeHtml(note)}</p>`,
    link && `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>`,
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body.filter(Boolean).join('\n')}
</main>
</body>
</html>
`
}

/** Screen readers get the digits one by one: they would read a number. */
function renderCode(code: string): string {
  const digits = Array.from(code).join(' ')
  return `<p class="code"><span aria-hidden="true">${escapeHtml(code)}</span><span class="spoken">${escapeHtml(digits)}</span></p>`
}

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { max-width: 26rem; padding: 2rem 1.25rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem }
button { font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 2px solid transparent; border-radius: .5rem; background: #1d4ed8; color: #fff; cursor: pointer }
button:hover { background: #1e40af }
button:focus-visible, a:focus-visible { outline: 3px solid; outline-offset: 3px }
a { color: LinkText }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.code { font: 600 2.25rem/1.2 ui-monospace, monospace; letter-spacing: .15em }
`

import { escapeHtml } from '../shared/html.ts'
import type { MailText } from './mail-text.ts'

/** A mail as a mail library takes it. */
export interface RenderedMail {
  readonly subject: string
  /** For programs that show no HTML. It says the same. */
  readonly text: string
  readonly html: string
}

/** How a mail looks. */
export interface RenderMailOptions {
  /**
   * The language of the text, for screen readers.
   *
   * @default 'en'
   */
  readonly lang?: string
  /**
   * The colour of the button, `#rrggbb`. Its label is white.
   *
   * @default '#1d4ed8'
   */
  readonly color?: string
}

/**
 * A mail in HTML and in plain text: one column, readable without images and in dark mode, with nothing of other servers in it. All text is
 * escaped.
 *
 * @throws TypeError if `color` isn't `#rrggbb`, or the button's URL has no http(s)
 */
export function renderMail(mail: MailText, { lang = 'en', color = '#1d4ed8' }: RenderMailOptions = {}): RenderedMail {
  if (!/^#[\da-f]{6}$/i.test(color)) throw new TypeError('renderMail: write `color` as #rrggbb')
  if (mail.button && !/^https?:\/\//i.test(mail.button.url))
    throw new TypeError("renderMail: the button's `url` must begin with http:// or https://")
  return { subject: toLine(mail.subject), text: renderText(mail), html: renderHtml(mail, { lang, color }) }
}

/** A subject is one line, whatever it is made of: a line break would begin another header. */
function toLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** In groups of three, which are easier to read. The sign-in takes the digits with and without spaces. */
function toGroups(code: string): string {
  return code.length % 3 === 0 ? code.replaceAll(/(.{3})(?=.)/g, '$1 ') : code.replaceAll(/(.{4})(?=.)/g, '$1 ')
}

function renderText({ subject, heading = subject, paragraphs, code, button, notes = [] }: MailText): string {
  const parts = [
    heading,
    ...paragraphs,
    code !== undefined && `    ${toGroups(code)}`,
    button && `${button.label}:\n${button.url}`,
    ...notes,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

function renderHtml(mail: MailText, { lang, color }: Required<RenderMailOptions>): string {
  const { subject, heading = subject, paragraphs, code, button, notes = [] } = mail
  const rows = [
    `<h1 style="margin:0 0 16px;${FONT};font-size:22px;line-height:28px;color:#111827">${escapeHtml(heading)}</h1>`,
    ...paragraphs.map((text) => paragraph(text, '16px', '#374151')),
    code !== undefined &&
      `<p style="margin:8px 0 24px;font-family:ui-monospace,Consolas,Menlo,monospace;font-size:32px;line-height:40px;font-weight:700;letter-spacing:2px;color:#111827">${escapeHtml(toGroups(code))}</p>`,
    button && renderButton(button, color),
    ...notes.map((text) => paragraph(text, '14px', '#4b5563')),
  ]
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(toLine(subject))}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f4f6">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px;background:#ffffff;border-radius:12px">
<tr><td style="padding:32px">
${rows.filter(Boolean).join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function paragraph(text: string, size: string, ink: string): string {
  return `<p style="margin:0 0 16px;${FONT};font-size:${size};line-height:1.5;color:${ink}">${escapeHtml(text)}</p>`
}

/** With the address below it: people may want to read where it leads, or to copy it. */
function renderButton({ label, url }: { readonly label: string; readonly url: string }, color: string): string {
  const href = escapeHtml(url)
  return `<p style="margin:8px 0 16px"><a href="${href}" style="display:inline-block;padding:14px 24px;background:${color};border-radius:8px;${FONT};font-size:16px;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a></p>
<p style="margin:0 0 24px;${FONT};font-size:14px;line-height:1.5;color:#4b5563;word-break:break-all">${href}</p>`
}

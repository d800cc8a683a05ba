/** RFC 5321 section 4.5.3.1: what fits into a path, and its part before the @. */
const MAX_LENGTH = 254
const MAX_LOCAL = 64
const MAX_LABEL = 63

/**
 * An e-mail address as it is stored, compared and sent to, or null if the text isn't one address. The form has lower-case letters only and
 * the domain in ASCII (`xn--…`), so that one mailbox has one spelling. Spaces around the address are removed.
 *
 * Narrower than RFC 5321 where mail libraries have read one address as another: no quoted part before the @, no `%` and no `!` there (some
 * relays take them for a route), no comments, no lists, no display names, nothing outside ASCII before the @, no IP address as the domain,
 * and a domain of at least two labels. Characters that compatibility normalisation changes, a fullwidth `＠` for one, are refused and not
 * replaced.
 *
 * @example parseEmailAddress(' Ann@Example.com ') // 'ann@example.com'
 */
export function parseEmailAddress(text: string): string | null {
  const parts = text.length > MAX_LENGTH * 2 ? [] : text.replaceAll(/^ +| +$/g, '').split('@')
  const [local = '', domain = ''] = parts
  if (parts.length !== 2 || !isLocalPart(local)) return null
  const ascii = toAsciiDomain(domain)
  const address = `${local.toLowerCase()}@${ascii ?? ''}`
  return ascii !== null && address.length <= MAX_LENGTH ? address : null
}

/** RFC 5322 section 3.2.3: a dot-atom, without `%` and `!`. */
const DOT_ATOM = /^[a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/i

function isLocalPart(local: string): boolean {
  return local.length <= MAX_LOCAL && DOT_ATOM.test(local)
}

/** Letters of any script, their marks, digits and hyphens: what a host name is written with. */
const HOST_NAME = /^[\p{L}\p{M}\p{Nd}-]+(?:\.[\p{L}\p{M}\p{Nd}-]+)+$/u
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/** By IDNA (UTS #46), as browsers do it. */
function toAsciiDomain(domain: string): string | null {
  if (!HOST_NAME.test(domain) || domain !== domain.normalize('NFKC') || !URL.canParse(`http://${domain}`)) return null
  const labels = new URL(`http://${domain}`).hostname.split('.')
  // A top-level domain has a letter (RFC 3696 section 2): `127.1` is no host name.
  const isName =
    labels.every((label) => label.length <= MAX_LABEL && LABEL.test(label)) && /[a-z]/.test(labels.at(-1) ?? '')
  return isName && labels.length > 1 ? labels.join('.') : null
}

/**
 * Whether a database gives this text back as it was: none holds half a surrogate pair, PostgreSQL refuses a NUL and SQLite's
 * drivers stop at it. No row in any table has such a name, so it needn't be looked for.
 */
export function isStorable(text: unknown): text is string {
  return typeof text === 'string' && text.isWellFormed() && !text.includes('\0')
}

/**
 * Text that tells one row from another. It is refused, not repaired: two names must not become one.
 *
 * @throws TypeError naming the field
 */
export function requireStorable(field: string, text: unknown): string {
  if (isStorable(text)) return text
  throw new TypeError(`${field}: must be well-formed text without NUL`)
}

/** Text that only describes: what can't be stored becomes U+FFFD. */
export function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** An e-mail address as it is compared: letters beyond ASCII are not folded, for their look-alikes are other people's addresses. */
export function toEmailKey(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Words that are shorter stand in too many good passwords. */
const MIN_WORD = 4
/** What must be left of a password without the words: letters that an attacker has to guess. */
const MIN_REST = 4

/**
 * Whether little is left of a password without what is known of its owner: the address, its parts, and words of the app's own. So
 * `ann.smith2024` is no password for `ann.smith@example.com`.
 */
export function isAboutOwner(password: string, email: string | null, words: readonly string[]): boolean {
  const found = [...(email === null ? [] : readParts(email)), ...words.map((word) => word.toLowerCase())]
    .filter((word) => word.length >= MIN_WORD)
    .toSorted((a, b) => b.length - a.length)
  const given = password.toLowerCase()
  const rest = found.reduce((text, word) => text.replaceAll(word, ''), given)
  return rest !== given && rest.length < MIN_REST
}

function readParts(email: string): readonly string[] {
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  const names = local.split(/[^a-z0-9]+/)
  return [email, local, names.join(''), ...names, domain, ...domain.split('.')]
}

/**
 * The form in which a password is counted and hashed: Unicode's NFKC, as NIST SP 800-63B-4 (section 3.1.1.2) recommends. Keyboards write one
 * character in several ways, and people sign in on more than one. Nothing is trimmed or cut.
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}

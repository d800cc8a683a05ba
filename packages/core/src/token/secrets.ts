import { configurationError } from '../errors.ts'

const MIN_SECRET_BYTES = 32
const MIN_DIFFERENT = 8
/** From other libraries' documentation and defaults. */
const KNOWN_SECRETS = new Set([
  'complex_password_at_least_32_characters_long',
  'better-auth-secret-12345678901234567890',
  'better-auth-secret-123456789012345678901234567890',
])

/**
 * The secrets, checked: the first encrypts, all decrypt.
 *
 * @param option where they were written
 * @throws AuthError `Configuration`
 */
export function readSecrets(secret: unknown, option = 'secret'): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const fix =
    'set it to at least 32 random bytes (openssl rand -base64 33), e.g. from process.env.AUTH_SECRET; ' +
    'if the environment comes later (a build, a Worker), pass a function: () => process.env.AUTH_SECRET'
  if (secrets.length === 0 || !secrets.every((item) => typeof item === 'string')) throw configurationError(option, fix)
  for (const item of secrets) {
    const bytes = new TextEncoder().encode(item).length
    if (bytes < MIN_SECRET_BYTES || isGuessable(item)) throw configurationError(option, fix)
  }
  if (new Set(secrets).size < secrets.length) throw configurationError(option, 'list every secret once')
  return secrets
}

/** A word that is repeated until it is long enough, or a known default. */
function isGuessable(secret: string): boolean {
  const lengths = Array.from({ length: Math.floor(secret.length / 2) }, (_, index) => index + 1)
  const repeats = lengths.some((length) => secret.startsWith(secret.slice(length)))
  return new Set(secret).size < MIN_DIFFERENT || repeats || KNOWN_SECRETS.has(secret)
}

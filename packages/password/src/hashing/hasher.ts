/** Checks passwords against stored hashes of one kind. */
export interface PasswordVerifier {
  /** What the kind is called, for log lines: `'bcrypt'`. */
  readonly name: string
  /** Whether a stored hash is of this kind. Must be strict: what it accepts is given to `verify`. */
  readonly reads: (stored: string) => boolean
  /** Whether the password is the one of a stored hash that `reads` has accepted. */
  readonly verify: (stored: string, password: string) => Promise<boolean>
}

/**
 * Hashes passwords. Made by `argon2id()`, `scrypt()` or `pbkdf2()`, or by an app. Hashing must not block the thread: it takes tens of milliseconds.
 */
export interface PasswordHasher extends PasswordVerifier {
  /** A hash with a salt of its own, as text that says how it was made. At most 255 characters. */
  readonly hash: (password: string) => Promise<string>
  /** Whether a stored hash should be replaced at the next sign-in, because it was made with other parameters. */
  readonly needsRehash: (stored: string) => boolean
}

import { z } from 'zod'
import { type Auth, createAuth, credentials } from '../../src/index.ts'
import type { Logger } from '../../src/internal/logger.ts'
import type { AnyOptions } from '../../src/config/options.ts'

export const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
/** Where the app of the tests is reached; `https://app.test` if a test needs secure cookies. */
export const ORIGIN = 'http://app.test'
export const HTTPS_ORIGIN = 'https://app.test'
/** The session cookie's name under each. */
export const COOKIE = 'latchkey.session'
export const HTTPS_COOKIE = '__Host-latchkey.session'
export const PASSWORD = 'right'

/**
 * An engine with a credentials provider that takes any e-mail address with {@link PASSWORD}: the user's id is the part before the
 * `@`. Whatever a test is about it passes itself.
 */
export function makeAuth(overrides: Partial<AnyOptions> = {}): Auth {
  return createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    providers: [passwordProvider()],
    logger: SILENT,
    ...overrides,
  }) as unknown as Auth // the tests look at values; what is inferred has type tests of its own
}

export function passwordProvider(
  authorize: (input: { readonly email: string; readonly password: string }) => unknown = checkPassword,
) {
  return credentials({
    input: z.object({ email: z.string(), password: z.string() }),
    identify: ({ email }) => email,
    authorize: authorize as typeof checkPassword, // a test may return or throw anything
  })
}

function checkPassword({ email, password }: { readonly email: string; readonly password: string }) {
  const id = email.split('@')[0] ?? ''
  return password === PASSWORD ? { id, name: id, email } : null
}

export const SILENT: Logger = { error: () => {}, warn: () => {} }

/** A logger that remembers. */
export function openLog(): {
  readonly logger: Logger
  readonly lines: { readonly message: string; readonly cause: unknown }[]
} {
  const lines: { readonly message: string; readonly cause: unknown }[] = []
  const write = (message: string, cause?: unknown) => void lines.push({ message, cause })
  return { logger: { error: write, warn: write }, lines }
}

/** A clock to turn: `clock.read` is the option, `clock.turn(60)` moves it a minute on. */
export function openClock(start: Date = new Date('2026-01-01T12:00:00Z')) {
  let now = start.getTime()
  return {
    read: () => new Date(now),
    seconds: () => Math.floor(now / 1_000),
    turn: (seconds: number) => void (now += seconds * 1_000),
  }
}

import { configurationError, readDuration } from '@latchkey/core'
import { readConcurrency } from './hashing/concurrency.ts'
import type { MailLimit, PasswordOptions } from './options.ts'
import { MAX_LENGTH } from './rules/rules.ts'

/** How many mails, and in how many seconds. */
export interface LimitSettings {
  readonly max: number
  readonly window: number
}

/** The options, checked, with every default in place. Lives are milliseconds. */
export interface Settings {
  readonly hasher: PasswordOptions['hasher']
  readonly send: PasswordOptions['send']
  readonly waitUntil: PasswordOptions['waitUntil']
  readonly verify: boolean
  readonly pages: { readonly verify: string; readonly reset: string }
  readonly minLength: number
  readonly words: readonly string[]
  readonly breached: NonNullable<PasswordOptions['breached']> | null
  readonly legacy: NonNullable<PasswordOptions['legacy']>
  readonly maxConcurrent: number
  readonly maxWaiting: number
  readonly verifyMaxAge: number
  readonly resetMaxAge: number
  readonly limits: {
    readonly perAddress: LimitSettings
    readonly perClient: LimitSettings
    readonly total: LimitSettings
  }
}

/** @throws AuthError `Configuration`, naming the option and the fix */
export function readSettings(options: PasswordOptions): Settings {
  const { send, verify = send !== undefined, pages = {}, mailLimits = {} } = options
  if (verify && !send) throw configurationError('password.send', 'pass a function that sends mails, or `verify: false`')
  const resetMaxAge = readDuration('password.resetMaxAge', options.resetMaxAge, '30m')
  if (resetMaxAge > HOUR) throw configurationError('password.resetMaxAge', 'write an hour at most')
  return {
    send,
    waitUntil: options.waitUntil,
    verify,
    pages: {
      verify: readPath('password.pages.verify', pages.verify ?? '/verify-email'),
      reset: readPath('password.pages.reset', pages.reset ?? '/reset-password'),
    },
    minLength: readCount('password.minLength', options.minLength ?? 8, 8, MAX_LENGTH),
    words: options.words ?? [],
    breached: options.breached ?? null,
    hasher: options.hasher,
    legacy: options.legacy ?? [],
    maxConcurrent: readCount('password.maxConcurrent', options.maxConcurrent ?? readConcurrency(), 1),
    maxWaiting: readCount('password.maxWaiting', options.maxWaiting ?? 100, 0),
    verifyMaxAge: readDuration('password.verifyMaxAge', options.verifyMaxAge, '1d'),
    resetMaxAge,
    limits: {
      perAddress: readLimit('perAddress', mailLimits.perAddress ?? { max: 5, window: '1h' }),
      perClient: readLimit('perClient', mailLimits.perClient ?? { max: 20, window: '1h' }),
      total: readLimit('total', mailLimits.total ?? { max: 1_000, window: '1h' }),
    },
  }
}

const HOUR = 3_600_000

/** Of this app: what begins with two slashes, or with a slash and a backslash, is another site. */
function readPath(option: string, path: string): string {
  if (/^\/(?![/\\])[^#\s]*$/.test(path)) return path
  throw configurationError(option, "write a path of the app, without `#`: '/reset-password'")
}

function readCount(option: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw configurationError(option, `write a whole number, ${least} or more${most < 1_000 ? `, at most ${most}` : ''}`)
}

function readLimit(name: string, { max, window }: MailLimit): LimitSettings {
  const option = `password.mailLimits.${name}`
  const seconds = Math.ceil(readDuration(`${option}.window`, window, window) / 1_000)
  return { max: readCount(`${option}.max`, max, 1), window: seconds }
}

import { configurationError, type Duration, readDuration } from '@latchkey/core'
import type { EmailMessage, Send } from './messages.ts'
import type { MailOptions, SendLimit, SendLimits } from './options.ts'

/** A limit as the engine takes it: the window in seconds. */
export interface SendRule {
  readonly max: number
  readonly window: number
}

export type SendRules = { readonly [K in keyof Required<SendLimits>]: SendRule }

/** The options, checked, with every default in place. */
export interface MailSettings<TMessage extends EmailMessage> {
  readonly send: Send<TMessage>
  /** Seconds. */
  readonly maxAge: number
  readonly digits: number
  readonly guesses: number
  readonly limits: SendRules
  readonly waitUntil: ((sending: Promise<void>) => void) | undefined
}

const TEN_MINUTES = 600

/**
 * @param plugin what the messages call it: `emailCode`
 * @throws AuthError `Configuration`, naming the option and the fix
 */
export function readMailSettings<TMessage extends EmailMessage>(
  plugin: string,
  { send, maxAge, digits = 6, guesses = 5, limits = {}, waitUntil }: MailOptions<TMessage>,
): MailSettings<TMessage> {
  if (typeof send !== 'function') throw configurationError(`${plugin}.send`, 'write a function that sends a mail')
  const settings = {
    send,
    maxAge: readAge(`${plugin}.maxAge`, maxAge),
    digits: readCount(`${plugin}.digits`, digits, 6, 10),
    guesses: readCount(`${plugin}.guesses`, guesses, 1, 10),
    limits: readLimits(`${plugin}.limits`, limits),
    waitUntil,
  }
  checkGuessing(plugin, settings)
  return settings
}

function readAge(option: string, value: Duration | undefined): number {
  const seconds = Math.floor(readDuration(option, value, '10m') / 1_000)
  if (seconds < 1 || seconds > TEN_MINUTES) throw configurationError(option, "write at most '10m'")
  return seconds
}

function readCount(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw configurationError(option, `write a whole number from ${least} to ${most}`)
}

const LIMITS: Required<SendLimits> = {
  perAddress: { max: 10, window: '1h' },
  perAddressAndClient: { max: 5, window: '1h' },
  perClient: { max: 50, window: '1h' },
  perDevice: { max: 10, window: '1h' },
  total: { max: 1_000, window: '1h' },
}

function readLimits(option: string, limits: SendLimits): SendRules {
  const rule = (name: keyof SendLimits) => readRule(`${option}.${name}`, limits[name] ?? LIMITS[name])
  return {
    perAddress: rule('perAddress'),
    perAddressAndClient: rule('perAddressAndClient'),
    perClient: rule('perClient'),
    perDevice: rule('perDevice'),
    total: rule('total'),
  }
}

function readRule(option: string, { max, window }: SendLimit): SendRule {
  return {
    max: readCount(`${option}.max`, max, 1, 1_000_000),
    window: Math.max(1, Math.floor(readDuration(`${option}.window`, window, window) / 1_000)),
  }
}

const DAY = 86_400
const MOST_LIKELY = 0.01

/** Strangers may ask for codes and guess at each: a day of that must not succeed. Windows don't begin when they do, so one more counts. */
function checkGuessing(plugin: string, settings: Pick<MailSettings<never>, 'digits' | 'guesses' | 'limits'>): void {
  const { digits, guesses, limits } = settings
  const codesPerDay = (Math.ceil(DAY / limits.perAddress.window) + 1) * limits.perAddress.max
  if ((codesPerDay * guesses) / 10 ** digits >= MOST_LIKELY)
    throw configurationError(
      `${plugin}.limits.perAddress`,
      `a day of guesses at one address succeeds with a probability of 1 % or more: send fewer codes, allow fewer \`guesses\`, or take more \`digits\``,
    )
}

import { configurationError } from '../errors.ts'
import type { Duration } from './types.ts'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads a duration option into milliseconds; throws `Configuration`, naming the option, if it isn't a positive one. */
export function readDuration(option: string, value: Duration | undefined, fallback: Duration): number {
  const ms = toMilliseconds(value ?? fallback)
  if (!Number.isFinite(ms) || ms <= 0) {
    throw configurationError(option, `write seconds or a string such as '15m' or '30d', more than zero`)
  }
  return ms
}

function toMilliseconds(value: Duration): number {
  if (typeof value === 'number') return value * 1_000
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(value)
  // The pattern admits only the letters that UNITS has.
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : Number.NaN
}

/** Whole unix seconds of a moment in milliseconds. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1_000)
}

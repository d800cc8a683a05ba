import { parseEmailAddress } from '@latchkey/core'
import { maxLength, minLength, pipe, refine, regex, string, transform, trim, type ZodMiniType } from 'zod/mini'

/** One address, in the form in which it is stored and sent to. */
export const address: ZodMiniType<string, string> = pipe(
  string().check(
    maxLength(508),
    refine((text) => parseEmailAddress(text) !== null),
  ),
  transform((text) => parseEmailAddress(text) ?? ''), // a text that was refused doesn't get here
)

/** Digits. People copy them with spaces around and between. */
export const code: ZodMiniType<string, string> = pipe(
  string().check(maxLength(40), trim()),
  transform((text) => text.replaceAll(/[\s-]/g, '')),
).check(regex(/^\d{6,10}$/))

/** What names a client that keeps no cookies: sealed, so its form needn't be checked. */
export const request: ZodMiniType<string, string> = string().check(minLength(1), maxLength(1_000))

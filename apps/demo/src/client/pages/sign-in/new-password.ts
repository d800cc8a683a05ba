import { describeError, readErrorData } from '../../text/errors.ts'
import type { Problems } from '../../ui/problems.ts'

export const PASSWORD_HINT = 'At least 8 characters. A few words that only you would put together are best.'

const REFUSALS: ReadonlySet<string> = new Set(['PasswordTooShort', 'PasswordTooCommon', 'PasswordBreached'])

/** Where a new password was refused. */
export function explainNewPassword(error: unknown): Problems {
  const kind = readErrorData(error)?.kind
  const sentence = describeError(error)
  return kind && REFUSALS.has(kind) ? { password: sentence } : { form: sentence }
}

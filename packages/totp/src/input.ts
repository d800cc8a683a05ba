import type { Schema } from '@latchkey/core'
import { boolean, maxLength, minLength, object, optional, string, trim } from 'zod/mini'
import type { BackupCodeInput, VerifyTotp } from './types.ts'

const challenge = string().check(minLength(1), maxLength(100))
/** People type `123 456`, too. Whether it is a code is said by the check, which is counted. */
const code = string().check(trim(), minLength(1), maxLength(100))

interface CodeInput {
  readonly code: string
}

export const codeInput: Schema<CodeInput, CodeInput> = object({ code })
export const backupCodeInput: Schema<BackupCodeInput, BackupCodeInput> = object({ challenge, code })
export const verifyInput: Schema<VerifyTotp, VerifyTotp> = object({ challenge, code, remember: optional(boolean()) })

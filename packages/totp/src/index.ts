export { totp } from './plugin.ts'
export type { TotpOptions } from './options.ts'
export type { BackupCodeInput, BackupCodes, NewTotp, Totp, TotpOperations, TotpStatus, VerifyTotp } from './types.ts'

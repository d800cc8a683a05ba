export { password } from './plugin.ts'
export type {
  Password,
  PasswordAccounts,
  PasswordErrorKind,
  PasswordOperations,
  PasswordRules,
  Sent,
  SignInWithPassword,
} from './types.ts'
export type { MailLimit, MailLimits, PasswordOptions, PasswordPages } from './options.ts'
export type { Change, Credentials, Forgot, Reset, SetPassword, SignUp, Verify } from './input.ts'
export type {
  AccountExistsMail,
  PasswordChangedMail,
  PasswordMail,
  ResetPasswordMail,
  VerifyEmailMail,
} from './mail/mail.ts'
export { argon2id, scrypt } from '#native'
export type { Argon2idOptions } from './hashing/argon2id.ts'
export { pbkdf2 } from './hashing/pbkdf2.ts'
export type { Pbkdf2Options } from './hashing/pbkdf2.ts'
export type { ScryptOptions } from './hashing/scrypt.ts'
export type { PasswordHasher, PasswordVerifier } from './hashing/hasher.ts'
export { haveIBeenPwned } from './rules/breached.ts'
export type { BreachCheck, HaveIBeenPwnedOptions } from './rules/breached.ts'
export type { PasswordRefusal } from './rules/rules.ts'

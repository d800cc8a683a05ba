import { parseEmailAddress, type Schema } from '@latchkey/core'
import { maxLength, minLength, object, optional, pipe, refine, string, transform, trim } from 'zod/mini'
import { countCharacters, MAX_LENGTH } from './rules/rules.ts'

/** As it is stored and compared. */
const email = pipe(
  string().check(maxLength(1_000)),
  transform((text, context) => {
    const address = parseEmailAddress(text)
    if (address === null) context.issues.push({ code: 'custom', input: text, message: 'not an e-mail address' })
    return address ?? ''
  }),
)

/** Refuses what is too long to be hashed. Whether it is good enough is asked of those that are set, not of those that are checked. */
const password = string().check(
  minLength(1),
  // Four UTF-16 units of text are at least one character in every normal form: a megabyte isn't counted.
  refine((text) => text.length <= MAX_LENGTH * 4 && countCharacters(text) <= MAX_LENGTH),
)
const name = optional(string().check(trim(), minLength(1), maxLength(100)))
/** 256 random bits in base64url have 43 letters. */
const token = string().check(minLength(1), maxLength(100))

/** What signing in takes, as it was sent and as it is used. */
export interface Credentials {
  /** The person's address. Case doesn't matter. */
  readonly email: string
  /** The password, as it was typed. */
  readonly password: string
}

/** What signing up takes. */
export interface SignUp extends Credentials {
  /** How the person is called; at most 100 letters. */
  readonly name?: string | undefined
}

export const credentialsInput: Schema<Credentials, Credentials> = object({ email, password })
export const signUpInput: Schema<SignUp, SignUp> = object({ email, password, name })
export const changeInput: Schema<Change, Change> = object({ current: password, next: password })
export const setInput: Schema<SetPassword, SetPassword> = object({ password })
export const forgotInput: Schema<Forgot, Forgot> = object({ email })
export const resetInput: Schema<Reset, Reset> = object({ token, password })
export const verifyInput: Schema<Verify, Verify> = object({ token, password: optional(password) })

/** What `change` takes. */
export interface Change {
  /** The password as it is. */
  readonly current: string
  /** What it shall be. */
  readonly next: string
}

/** What `set` takes. */
export interface SetPassword {
  /** What the password shall be. */
  readonly password: string
}

/** What `forgot` takes. */
export interface Forgot {
  /** The person's address. */
  readonly email: string
}

/** What `reset` takes. */
export interface Reset {
  /** Of the link in the mail. */
  readonly token: string
  /** What the password shall be. */
  readonly password: string
}

/** What `verifyEmail` takes. */
export interface Verify {
  /** Of the link in the mail. */
  readonly token: string
  /** The password that was chosen, if the link was opened in another browser than the one that signed up (`PasswordRequired`). */
  readonly password?: string | undefined
}

import { parseEmailAddress, type Schema } from '@latchkey/core'
import {
  array,
  literal,
  maxLength,
  minLength,
  object,
  optional,
  pipe,
  refine,
  string,
  transform,
  trim,
  union,
  void as none,
} from 'zod/mini'
import type { RegistrationResponse, SignInResponse } from './web-authn.ts'

/** @param bytes a credential's id has at most 1,023 (WebAuthn Level 3 section 4) */
const base64url = (bytes: number) => string().check(minLength(1), maxLength(Math.ceil((bytes * 4) / 3)))

const credential = { id: base64url(1_023), rawId: base64url(1_023), type: literal('public-key') }
const clientDataJSON = base64url(4_096)
const name = string().check(trim(), minLength(1), maxLength(100))
const id = string().check(minLength(1), maxLength(100))

const email = pipe(
  string().check(
    maxLength(508),
    refine((text) => parseEmailAddress(text) !== null),
  ),
  transform((text) => parseEmailAddress(text) ?? text),
)

export const idInput: Schema<{ id: string }, { readonly id: string }> = object({ id })

export const renameInput: Schema<{ id: string; name: string }, { readonly id: string; readonly name: string }> = object(
  { id, name },
)

type SignInOptionsInput = { readonly email?: string | undefined } | void

export const signInOptionsInput: Schema<SignInOptionsInput, SignInOptionsInput> = union([
  object({ email: optional(email) }),
  none(),
])

interface SignInInput {
  readonly response: SignInResponse
  readonly handle?: string | undefined
}

export const signInInput: Schema<SignInInput, SignInInput> = object({
  response: object({
    ...credential,
    response: object({
      clientDataJSON,
      authenticatorData: base64url(2_048),
      signature: base64url(4_096),
      userHandle: optional(string().check(maxLength(86))), // 64 bytes
    }),
  }),
  handle: optional(string().check(maxLength(2_048))),
})

interface RegisterInput {
  readonly response: RegistrationResponse
  readonly name?: string | undefined
}

export const registerInput: Schema<RegisterInput, RegisterInput> = object({
  response: object({
    ...credential,
    response: object({
      clientDataJSON,
      attestationObject: base64url(16_384),
      transports: optional(array(string().check(maxLength(32))).check(maxLength(16))),
    }),
  }),
  name: optional(name),
})

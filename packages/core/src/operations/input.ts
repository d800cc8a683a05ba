import type { SignOutInput } from '../contract/results.ts'
import { AuthError, invalidInput } from '../errors.ts'
import type { Schema } from '../internal/schema.ts'

type Fields = Readonly<Record<string, unknown>>

/** The schema of a function that reads an input, and throws if it isn't valid. */
function schemaOf<T>(read: (input: unknown) => T): Schema<T> {
  return { '~standard': { version: 1, vendor: 'latchkey', validate: (input) => ({ value: read(input) }) } }
}

/** Any object of fields: what is in it is checked by the provider's or the configuration's own schema. `FormData` is not a plain object. */
export const anyFields: Schema<Fields> = schemaOf(readObject)

/** The same, or nothing. */
export const optionalFields: Schema<Fields> = schemaOf((input) => readObject(input ?? {}))

/** What `signOut` takes; nothing is fine too. */
export const signOutInput: Schema<SignOutInput> = schemaOf((input) => {
  const { everywhere, refreshToken, refresh } = readObject(input ?? {})
  if (everywhere !== undefined && typeof everywhere !== 'boolean') throw invalidInput('everywhere')
  if (refreshToken !== undefined && typeof refreshToken !== 'string') throw invalidInput('refreshToken')
  if (refresh !== undefined && refresh !== 'cookie') throw invalidInput('refresh')
  return { everywhere, refreshToken, refresh }
})

export const refreshTokenInput: Schema<{ readonly refreshToken: string }> = schemaOf((input) => {
  const { refreshToken } = readObject(input)
  if (typeof refreshToken !== 'string' || refreshToken === '') throw invalidInput('refreshToken')
  return { refreshToken }
})

/** An access token to go on with, or null for none. */
export const accessTokenInput: Schema<{ readonly accessToken: string | null }> = schemaOf((input) => {
  const { accessToken = null } = readObject(input)
  if (accessToken !== null && typeof accessToken !== 'string') throw invalidInput('accessToken')
  return { accessToken }
})

export const idInput: Schema<{ readonly id: string }> = schemaOf((input) => {
  const { id } = readObject(input)
  if (typeof id !== 'string') throw invalidInput('id')
  return { id }
})

function readObject(input: unknown): Fields {
  if (Object.prototype.toString.call(input) !== '[object Object]') throw new AuthError('InvalidInput')
  return input as Fields // its tag says so
}

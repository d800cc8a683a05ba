import { AuthError } from '@latchkey/core'

/** An object of fields; the engine checks them by the provider's or the configuration's schema. `FormData` is not a plain object and is refused. */
export function readObject(input: unknown): object {
  if (Object.prototype.toString.call(input) !== '[object Object]') throw new AuthError('InvalidInput')
  return input as object // its tag says so
}

/** Nothing is fine too; the engine checks what is in it. */
export function readSignOut(input: unknown): object {
  return input === undefined || input === null ? {} : readObject(input)
}

/** An access token to go on with, or null for none. */
export function readAccessToken(input: unknown): { readonly accessToken: string | null } {
  const { accessToken = null }: { readonly accessToken?: unknown } = readObject(input)
  if (accessToken !== null && typeof accessToken !== 'string')
    throw new AuthError('InvalidInput', { fields: ['accessToken'] })
  return { accessToken }
}

export function readRefreshToken(input: unknown): { readonly refreshToken: string } {
  const { refreshToken }: { readonly refreshToken?: unknown } = readObject(input)
  if (typeof refreshToken !== 'string' || refreshToken === '')
    throw new AuthError('InvalidInput', { fields: ['refreshToken'] })
  return { refreshToken }
}

export function readId(input: unknown): { readonly id: string } {
  const { id }: { readonly id?: unknown } = readObject(input)
  if (typeof id !== 'string') throw new AuthError('InvalidInput', { fields: ['id'] })
  return { id }
}

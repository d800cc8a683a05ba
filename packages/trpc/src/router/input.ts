import { AuthError } from '@latchkey/core'

/** An object of fields; the engine checks them by the provider's or the configuration's schema. A form's data is none, and is refused (T01). */
export function readObject(input: unknown): object {
  if (Object.prototype.toString.call(input) !== '[object Object]') throw new AuthError('InvalidInput')
  return input as object // its tag says so
}

export function readSignOut(input: unknown): {
  readonly everywhere?: boolean
  readonly refreshToken?: string | undefined
} {
  if (input === undefined || input === null) return {}
  const { everywhere, refreshToken }: { readonly everywhere?: unknown; readonly refreshToken?: unknown } =
    readObject(input)
  if (everywhere !== undefined && typeof everywhere !== 'boolean') throw new AuthError('InvalidInput')
  if (refreshToken !== undefined && typeof refreshToken !== 'string') throw new AuthError('InvalidInput')
  return { everywhere: everywhere ?? false, refreshToken }
}

export function readRefreshToken(input: unknown): { readonly refreshToken: string } {
  const { refreshToken }: { readonly refreshToken?: unknown } = readObject(input)
  if (typeof refreshToken !== 'string' || refreshToken === '') throw new AuthError('InvalidInput')
  return { refreshToken }
}

export function readId(input: unknown): { readonly id: string } {
  const { id }: { readonly id?: unknown } = readObject(input)
  if (typeof id !== 'string') throw new AuthError('InvalidInput')
  return { id }
}

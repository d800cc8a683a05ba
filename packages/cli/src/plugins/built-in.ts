/** A plug-in that Latchkey brings: its tables are the same whatever its options are. */
export interface BuiltIn {
  /** The package that it comes from. */
  readonly from: string
  /** The plug-in, or undefined if the package hasn't got it. */
  readonly make: (found: Readonly<Record<string, unknown>>) => unknown
}

/** Stands for the app's own: oauth() takes no empty list. */
const PROVIDER = { id: 'any', type: 'oidc', issuer: 'https://id.example', clientId: 'any' }

export const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map([
  ['password', called('@latchkey/password', 'password', {})],
  ['totp', called('@latchkey/totp', 'totp', {})],
  ['passkey', called('@latchkey/passkey', 'passkey', {})],
  ['apiKeys', called('@latchkey/api-keys', 'apiKeys', { scopes: ['read'] })],
  ['oauth', called('@latchkey/oauth', 'oauth', [PROVIDER])],
  ['emailCode', called('@latchkey/email', 'emailCode', { send: () => {} })],
  ['magicLink', called('@latchkey/email', 'magicLink', { send: () => {} })],
  ['changeEmail', called('@latchkey/email', 'changeEmail', { send: () => {} })],
  ['attempts', given('@latchkey/core', 'attemptTables')],
  ['bus', given('@latchkey/kysely', 'busTables')],
])

/** A function that makes the plug-in. */
function called(from: string, name: string, options: unknown): BuiltIn {
  return {
    from,
    make: (found) => {
      const plugin = found[name]
      return typeof plugin === 'function' ? plugin(options) : undefined
    },
  }
}

/** Tables without a plug-in. */
function given(from: string, name: string): BuiltIn {
  return { from, make: (found) => found[name] }
}

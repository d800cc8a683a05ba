import type { Identity } from '../contract/identity.ts'

/** Text that is equal for two identities of a session that differ only in when their token was built. */
export function fingerprint({ token, user, expires }: Identity): string {
  const { iat: _iat, jti: _jti, ...claims } = token
  try {
    return JSON.stringify([claims, user, expires], withBigInts)
  } catch {
    return crypto.randomUUID() // a column that JSON can't carry: it counts as changed
  }
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

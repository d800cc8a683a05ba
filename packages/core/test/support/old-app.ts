import { randomUUID, hkdfSync } from 'node:crypto'
import { decode } from '@auth/core/jwt'
import { jwtDecrypt } from 'jose'
import { SECRET } from './auth.ts'
import { deriveKey, kidOf, seal } from './forge.ts'

export type Library = 'next-auth' | 'authjs'
export const LIBRARIES: readonly Library[] = ['next-auth', 'authjs']

/** The session cookie's name over http. */
export const NAMES = { 'next-auth': 'next-auth.session-token', authjs: 'authjs.session-token' } as const

type Claims = Record<string, unknown>

/** The sessions of an app with next-auth 4 or Auth.js. */
export interface OldApp {
  readonly name: string
  /** A token with exactly these claims. */
  readonly seal: (claims: object) => string
  /** As its sign-in does it: with `iat`, `exp` and `jti`. */
  readonly signIn: (claims: object) => string
  /** null: the old app doesn't know whose it is. */
  readonly open: (value: string) => Promise<Claims | null>
  /** What its `/api/auth/session` does to the cookie: the same claims are written anew, with another `iat`, `exp` and `jti`. */
  readonly renew: (value: string, change?: object) => Promise<string>
}

const MONTH = 30 * 86_400

/** @param now unix seconds */
export function openOldApp(
  library: Library,
  now: () => number,
  { secret = SECRET, name = NAMES[library] }: { readonly secret?: string; readonly name?: string } = {},
): OldApp {
  const { seal: sealClaims, open } = library === 'next-auth' ? nextAuth(secret) : authJs(secret, name)
  const signIn = (claims: object) => sealClaims({ ...claims, iat: now(), exp: now() + MONTH, jti: randomUUID() })
  const opened = async (value: string) => {
    try {
      return await open(value)
    } catch {
      return null
    }
  }
  return {
    name,
    seal: sealClaims,
    signIn,
    open: opened,
    renew: async (value, change = {}) => {
      const claims = await opened(value)
      if (!claims) throw new Error('the old app would sign this person out')
      return signIn({ ...claims, ...change })
    },
  }
}

const NEXT_AUTH_INFO = 'NextAuth.js Generated Encryption Key'

/** As next-auth 4.24 does it: A256GCM without a `kid`, one key for whatever the cookie is called. */
function nextAuth(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', NEXT_AUTH_INFO, 32))
  return {
    seal: (payload: object) => seal({ key, payload, header: { alg: 'dir', enc: 'A256GCM' } }),
    open: async (value: string): Promise<Claims> => (await jwtDecrypt(value, new Uint8Array(key))).payload,
  }
}

/** As Auth.js 5 does it: A256CBC-HS512, a key for each name of the cookie; opened by its own code. */
function authJs(secret: string, salt: string) {
  const enc = 'A256CBC-HS512'
  const key = deriveKey(secret, salt, enc)
  return {
    seal: (payload: object) => seal({ key, payload, enc, header: { alg: 'dir', enc, kid: kidOf(key) } }),
    open: async (value: string): Promise<Claims | null> => decode({ token: value, secret, salt }),
  }
}

import { identifyAccessToken } from '../bearer/bearer.ts'
import type { IncomingCookie } from '../cookie/read.ts'
import { readSessionCookie } from '../cookie/read-session.ts'
import { AuthError, isUntrusted } from '../errors.ts'
import type { Identity } from '../contract/identity.ts'
import { findPluginCredential } from './caller.ts'
import { findBearerToken } from './credential.ts'
import type { LookUp } from './look-up.ts'
import type { RequestEngine } from './engine.ts'
import type { OpenRequest } from './open-request.ts'

/** The session that a request ends or replaces. */
export interface Identified extends Pick<LookUp, 'via' | 'cookie'> {
  /** null: nothing was sent, or it no longer counts. */
  readonly identity: Identity | null
  /** An access token that has expired ends its own session and no other. */
  readonly hasExpired: boolean
}

/**
 * Finds the session of a request that signs out. Unlike a look-up it renews nothing, extends nothing and calls no callback of the app: a
 * person whose renewal fails must be able to sign out.
 */
export async function identify(request: OpenRequest): Promise<Identified> {
  const { engine, source } = request
  const { bearer } = engine
  const cookie = readSessionCookie(source.header('cookie'), engine.settings.cookie)
  if (source.ticket !== undefined) return { ...(await request.look()), hasExpired: false }
  const token = findBearerToken(engine, source)
  if (!token && findPluginCredential(engine, source)) throw new AuthError('NotASession')
  if (!bearer || !token) return identifyCookie(engine, cookie)
  const found = await nullIfUntrusted(() => identifyAccessToken(bearer, token))
  return { via: 'bearer', identity: found?.identity ?? null, hasExpired: found?.hasExpired ?? false, cookie }
}

/** Finds the session of the request's cookie alone, as {@link identify} does: the one that a sign-in replaces. */
export async function identifyCookie({ strategy }: RequestEngine, cookie: IncomingCookie): Promise<Identified> {
  const { value, present, isTheirs } = cookie
  if (present.length === 0) return { via: null, identity: null, hasExpired: false, cookie }
  const identity = value === null ? null : await nullIfUntrusted(async () => strategy.identify(value, isTheirs))
  return { via: 'cookie', identity, hasExpired: false, cookie }
}

/** A credential that doesn't count is null; anything else stays a failure. */
async function nullIfUntrusted<T>(find: () => Promise<T>): Promise<T | null> {
  try {
    return await find()
  } catch (error) {
    if (isUntrusted(error)) return null
    throw error
  }
}

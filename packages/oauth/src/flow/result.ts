import { isAuthError, type SignedIn } from '@latchkey/core'
import { toUrl } from '../addresses.ts'
import type { Shared } from '../shared.ts'
import type { Goal } from './flow.ts'

/** How a flow ended, for the page or client that waits for it. */
export interface Result {
  readonly status: string
  /** The one-time code of a client that keeps tokens. */
  readonly code?: string | undefined
  /** Of a sign-in whose second factor is due. */
  readonly challenge?: string | undefined
  readonly expiresIn?: number | undefined
  readonly factors?: readonly string[] | undefined
  /** Where `callbacks.signIn` sends the person instead. */
  readonly url?: string | undefined
  /** Of an error. */
  readonly kind?: string | undefined
  /** For the server only. */
  readonly error?: unknown
}

/** A sign-in's result has a session, which stays here. */
export function describeSignIn(signedIn: SignedIn): Result {
  // Its marker stands for what the app's configuration makes of it: an object with a status, and what comes with it.
  const { status, challenge, expiresIn, factors, url } = signedIn as unknown as Result
  return { status, challenge, expiresIn, factors, url }
}

export async function settle({ engine }: Shared, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    const isRefusal = isAuthError<string>(error) && error.status < 500
    if (!isRefusal) engine.logger.error('a sign-in failed', error)
    return { status: 'error', kind: isAuthError<string>(error) ? error.kind : 'CallbackRouteError', error }
  }
}

/** The page that tells the page which opened the window. What it tells is in the fragment, which no server sees. */
export function toPopup(shared: Shared, { id, origin }: NonNullable<Goal['popup']>, result: Result): URL | string {
  const { error: _error, url: elsewhere, factors, ...told } = result
  if (elsewhere !== undefined) return elsewhere
  const fields = { id, origin, ...told, factors: factors?.join(',') }
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  const url = toUrl(shared, 'oauth/popup')
  url.hash = new URLSearchParams(given).toString()
  return url
}

import type { AdapterUser } from '../store/adapter.ts'
import type { Callbacks, JwtParams } from '../contract/callbacks.ts'
import type { Events } from '../contract/events.ts'
import { AuthError, isAuthError } from '../errors.ts'
import type { Logger } from '../internal/logger.ts'
import { reapplyReserved } from '../token/claims.ts'
import type { AnyToken } from '../contract/token.ts'

/** An app's callbacks without their inferred types: parameters are what the engine hands over, results are checked here. */
export type AnyCallbacks = Callbacks<string, Record<string, unknown>, unknown, unknown>

/** Who signs in, as the jwt callback is told. */
type SignedInParams = Pick<Extract<JwtParams, { session: null }>, 'user' | 'account' | 'profile' | 'isNewUser'>

/**
 * Runs the jwt callback on the default claims of a sign-in.
 *
 * @throws AuthError `TokenRefused` if it returned null, `CallbackRouteError` if it threw
 */
export function runJwt(
  callbacks: AnyCallbacks,
  token: AnyToken,
  { user, account, profile, isNewUser }: SignedInParams,
): Promise<AnyToken> {
  const trigger = isNewUser ? 'signUp' : 'signIn'
  return callJwt(callbacks, { trigger, token, user, account, profile, isNewUser, session: null, stored: null })
}

/**
 * Runs the jwt callback on existing claims, outside of a sign-in.
 *
 * @param patch what `updateSession` sends, already merged into the token; else null
 * @param stored the user's row as just read, if there is a store
 */
export function rerunJwt(
  callbacks: AnyCallbacks,
  token: AnyToken,
  patch: Readonly<Record<string, unknown>> | null,
  stored: AdapterUser | null,
): Promise<AnyToken> {
  const noSignIn = { user: null, account: null, profile: null, isNewUser: false } as const
  return callJwt(callbacks, { trigger: 'update', token, session: patch, stored, ...noSignIn })
}

/** The only place that calls it. */
async function callJwt(callbacks: AnyCallbacks, params: JwtParams<string, Record<string, unknown>>): Promise<AnyToken> {
  if (!callbacks.jwt) return params.token
  const before = params.token
  const { jwt } = callbacks
  // A copy, for the callback may write into it, and the token may be shared by requests.
  const returned: unknown = await runCallback(() => jwt({ ...params, token: structuredClone(before) }))
  if (returned === null) throw new AuthError('TokenRefused')
  if (typeof returned !== 'object' || returned === undefined) {
    throw new AuthError('CallbackRouteError', {
      cause: new Error('callbacks.jwt must return the token, or null to refuse it'),
    })
  }
  return reapplyReserved({ ...returned }, before)
}

/** Awaits what an app's function does. Its own `AuthError` passes; anything else becomes a `CallbackRouteError` with the cause kept. */
export async function runCallback<T>(callback: () => T | Promise<T>): Promise<T> {
  try {
    return await callback()
  } catch (cause) {
    if (isAuthError(cause)) throw cause
    throw new AuthError('CallbackRouteError', { cause })
  }
}

export type Emit = <TName extends keyof Events>(name: TName, params: Parameters<NonNullable<Events[TName]>>[0]) => void

/** Tells the app's listeners, without waiting: a listener can neither block nor fail a flow. */
export function createEmit(events: Events, logger: Logger): Emit {
  return (name, params) => {
    // The compiler can't relate a listener to its own parameters through an index; Emit's signature does.
    const listener = events[name] as ((params: unknown) => unknown) | undefined
    if (!listener) return
    void Promise.resolve()
      .then(() => listener(params))
      .catch((cause: unknown) => logger.error(`events.${name} failed`, cause))
  }
}

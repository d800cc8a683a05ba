import type { AuthTypes } from '@latchkey/core'
import type { AuthRouterContext } from './context/create.ts'
import type { AuthRouter } from './router/types.ts'

/** An app's tRPC root whose context holds `auth`. */
export interface MountableRoot<in out U extends AuthTypes = AuthTypes> {
  readonly _config: { readonly $types: { readonly ctx: AuthRouterContext<U> } }
}

/**
 * `authRouter` as it is, but only for an app whose context can serve it: tRPC itself does not check the context of a nested router.
 *
 * @example t.router({ auth: mountAuth(t, authRouter) })
 */
export type MountAuth<U extends AuthTypes = AuthTypes> = (
  t: MountableRoot<U>,
  authRouter: AuthRouter<U>,
) => AuthRouter<U>

export function createMountAuth<U extends AuthTypes>(): MountAuth<U> {
  return (_t, authRouter) => authRouter
}

import type { Auth, AuthErrorKind, AuthTypes, KindsOf, Session } from '@latchkey/core'
import { initTRPC } from '@trpc/server'
import { type AuthRouterContext, type CreateAuthContext, createAuthContext } from './context/create.ts'
import { type AuthErrorFormatter, authErrorFormatter } from './errors.ts'
import { createGuards } from './guards/create.ts'
import type { AuthGuards } from './guards/types.ts'
import { createMountAuth, type MountAuth } from './mount.ts'
import { createRouter } from './router/create.ts'
import type { AuthRouter } from './router/types.ts'

/** Everything of this library that an app's tRPC code needs, typed by its configuration. */
export interface AuthKit<in out U extends AuthTypes = AuthTypes> extends AuthGuards<Session<U['role'], U['claims']>> {
  /** `session`, `signIn`, `signOut`, … to be mounted under a key of the app's choice. */
  readonly authRouter: AuthRouter<U>
  /** Makes `{ auth }` of what an adapter hands to `createContext`: `const createContext = (opts) => ({ ...authContext(opts), db })`. */
  readonly authContext: CreateAuthContext<U>
  /** `authRouter`, only for an app whose context holds `auth`: `t.router({ auth: mountAuth(t, authRouter) })`. */
  readonly mountAuth: MountAuth<U>
  /** Types and fills in `error.data.kind`, the plug-ins' kinds among them: `initTRPC.create({ errorFormatter: authErrorFormatter })`. */
  readonly authErrorFormatter: AuthErrorFormatter<AuthErrorKind | KindsOf<U['plugins']>>
}

/**
 * Makes an app's auth router, context and guards from its configuration.
 *
 * They stand on a tRPC root of their own, so they fit whatever transformer, error formatter and tRPC 11 the app uses: nest the router,
 * `concat` the guards.
 *
 * @example export const { authRouter, authContext, protectedProcedure, requireRole } = createAuthRouter(auth)
 */
export function createAuthRouter<U extends AuthTypes>(auth: Auth<U>): AuthKit<U> {
  // In a factory, and allowed outside of servers: tRPC throws if a `window` exists, in tests of React code for one (trpc-facts 5).
  const t = initTRPC.context<AuthRouterContext>().meta<object>().create({ allowOutsideOfServer: true })
  const { features } = auth
  return {
    ...createGuards<Session<U['role'], U['claims']>>(t.procedure, features),
    authRouter: createRouter<U>({ router: t.router, base: t.procedure, operations: auth.operations, features }),
    authContext: createAuthContext(auth),
    mountAuth: createMountAuth<U>(),
    authErrorFormatter,
  }
}

import type * as authFile from './auth.ts'
import type * as clientFile from './client.ts'
import type * as trpcFile from './trpc.ts'

// The names that a fragment in a page may use without saying whence: the app's own. What is the library's, a fragment imports.
declare global {
  const auth: typeof authFile.auth
  const authContext: typeof authFile.kit.authContext
  const authRouter: typeof authFile.kit.authRouter
  const protectedMiddleware: typeof authFile.kit.protectedMiddleware
  const requireRole: typeof authFile.kit.requireRole
  const requireClaim: typeof authFile.kit.requireClaim
  const requireCondition: typeof authFile.kit.requireCondition
  const requireScope: typeof authFile.kit.requireScope
  const requireFactor: typeof authFile.kit.requireFactor
  const requireFresh: typeof authFile.kit.requireFresh

  const t: typeof trpcFile.t
  const createContext: typeof trpcFile.createContext
  const appRouter: typeof trpcFile.appRouter
  type AppRouter = trpcFile.Router

  const trpc: typeof clientFile.client
}

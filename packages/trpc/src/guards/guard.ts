import type { Session } from '@latchkey/core'
import type { AuthRouterContext } from '../context/create.ts'
import { readEngine } from '../context/request-auth.ts'
import { toTRPCError } from '../errors.ts'
import { type Requirement, tagRequirement, toMeta } from './requirement.ts'
import type { AuthMiddleware, AuthProcedure, BaseProcedure } from './types.ts'

/** Refuses by throwing. Synchronous where it can be: a guard stands before every call. */
export type Check = (
  session: Session,
  options: { readonly ctx: AuthRouterContext; readonly input: unknown },
) => void | Promise<void>

/** A guard as one middleware: a session, then the check, then `ctx.session` for what follows. */
export function createMiddleware(requirement: Requirement, check?: Check): AuthMiddleware {
  const middleware: AuthMiddleware = async (options) => {
    let session: Session
    try {
      session = await readEngine(options.ctx).requireSession()
      const pending = check?.(session, options)
      if (pending) await pending
    } catch (error) {
      throw toTRPCError(error)
    }
    // Behind another guard the session is there already, and the context needn't be copied again.
    return isSame(options.ctx, session) ? options.next() : options.next({ ctx: { session } })
  }
  return tagRequirement(middleware, requirement)
}

/** The same guard as a procedure to `concat`, with what it asks for written into `meta`. */
export function createProcedure(base: BaseProcedure, requirement: Requirement, check?: Check): AuthProcedure {
  return base.meta(toMeta(requirement)).use(createMiddleware(requirement, check))
}

function isSame(ctx: object, session: Session): boolean {
  return 'session' in ctx && ctx.session === session
}

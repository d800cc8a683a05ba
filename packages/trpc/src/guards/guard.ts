import type { Session } from '@latchkey/core'
import type { TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import { readInputEarly } from '../context/read-early.ts'
import { readEngine } from '../context/request-auth.ts'
import { toTRPCError } from '../errors.ts'
import { followSession } from '../live/follow-session.ts'
import { type Requirement, tagRequirement, toMeta } from './requirement.ts'
import type { ConditionMiddleware, ConditionProcedure } from './types.ts'

/** Refuses by throwing. Synchronous if it can be: a guard stands before every call. */
export type Check = (
  session: Session,
  options: { readonly ctx: AuthRouterContext; readonly input: unknown },
) => void | Promise<void>

/** The procedure builder that guards and operations are made from. Here a context is the whole one, whatever a guard's public type asks for. */
export type BaseProcedure = TRPCProcedureBuilder<
  AuthRouterContext,
  object,
  object,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false
>
export type GuardedProcedure = ConditionProcedure<Session, AuthRouterContext>
export type GuardMiddleware = ConditionMiddleware<Session, AuthRouterContext>

/** A guard as one middleware: a session, then the check, then `ctx.session` for what follows. */
export function createMiddleware(requirement: Requirement, check?: Check): GuardMiddleware {
  const middleware: GuardMiddleware = async (options) => {
    let session: Session
    try {
      readInputEarly(options)
      const engine = readEngine(options.ctx)
      session = await (requirement.guard === 'scope' ? engine.requireCaller() : engine.requireSession())
      const pending = check?.(session, options)
      if (pending) await pending
    } catch (error) {
      throw toTRPCError(error)
    }
    // Behind another guard the session is there already, and the context needn't be copied again.
    const result = isSame(options.ctx, session) ? options.next() : options.next({ ctx: { session } })
    return options.type === 'subscription' ? followStream(await result, options, requirement, check) : result
  }
  return tagRequirement(middleware, requirement)
}

type Options = Parameters<GuardMiddleware>[0]

/** A stream outlives the moment at which its guard agreed. (How long ago the sign-in was counts when it begins.) */
function followStream<TResult extends Awaited<ReturnType<GuardMiddleware>>>(
  result: TResult,
  options: Options,
  { guard }: Requirement,
  check?: Check,
): TResult {
  if (!result.ok) return result
  const again = check && guard !== 'fresh' ? (session: Session) => check(session, options) : undefined
  const { watch, watchCaller } = readEngine(options.ctx)
  const followed = { watch: guard === 'scope' ? watchCaller : watch, signal: options.signal, check: again }
  return { ...result, data: followSession(result.data, followed) }
}

/** The same guard as a procedure to `concat`, with what it asks for written into `meta`. */
export function createProcedure(base: BaseProcedure, requirement: Requirement, check?: Check): GuardedProcedure {
  return base.meta(toMeta(requirement)).use(createMiddleware(requirement, check))
}

function isSame(ctx: object, session: Session): boolean {
  return 'session' in ctx && ctx.session === session
}

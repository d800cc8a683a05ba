import type { Session } from '@latchkey/core'
import type { TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import { readInputEarly } from '../context/read-early.ts'
import { readEngine, readGuardQuestions } from '../context/request-auth.ts'
import { toTRPCError } from '../errors.ts'
import { followSession } from '../live/follow-session.ts'
import { isThenable } from './is-thenable.ts'
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

/**
 * A guard as one middleware: a session, then the check, then `ctx.session` for what follows. It stands before every call, so nothing is
 * suspended where nothing has to be waited for.
 */
export function createMiddleware(requirement: Requirement, check?: Check): GuardMiddleware {
  const middleware: GuardMiddleware = (options) => {
    try {
      const admitted = admit(options, requirement, check)
      if (isThenable(admitted)) return proceedLater(admitted, options, requirement, check)
      return proceed(admitted, options, requirement, check)
    } catch (error) {
      return Promise.reject(toTRPCError(error))
    }
  }
  return tagRequirement(middleware, requirement)
}

type Options = Parameters<GuardMiddleware>[0]
type Result = ReturnType<GuardMiddleware>

/** @throws why the caller isn't admitted: at once, or as the promise's rejection */
function admit(options: Options, { guard }: Requirement, check?: Check): Session | Promise<Session> {
  readInputEarly(options)
  const engine = readGuardQuestions(options.ctx)
  const found = guard === 'scope' ? engine.awaitCaller() : engine.awaitSession()
  if (!check) return found
  const checked = (session: Session) => {
    const pending = check(session, options)
    return pending ? pending.then(() => session) : session
  }
  return isThenable(found) ? found.then(checked) : checked(found)
}

async function proceedLater(
  admitted: Promise<Session>,
  options: Options,
  requirement: Requirement,
  check?: Check,
): Result {
  let session: Session
  try {
    session = await admitted
  } catch (error) {
    throw toTRPCError(error)
  }
  return proceed(session, options, requirement, check)
}

function proceed(session: Session, options: Options, requirement: Requirement, check?: Check): Result {
  // Behind another guard the session is there already, and the context needn't be copied again.
  const result = isSame(options.ctx, session) ? options.next() : options.next({ ctx: { session } })
  if (options.type !== 'subscription') return result
  return result.then((begun) => followStream(begun, options, requirement, check))
}

/** A stream outlives the moment at which its guard agreed. (How long ago the sign-in was counts when it begins.) */
function followStream<TResult extends Awaited<Result>>(
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

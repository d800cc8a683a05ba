import type { AuthFeatures, MountedOperation } from '@latchkey/core'
import type { AnyTRPCProcedure, TRPCMiddlewareFunction, TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import { readInputEarly } from '../context/read-early.ts'
import { readEngine } from '../context/request-auth.ts'
import { toTRPCError } from '../errors.ts'
import { type Requirement, toMeta } from '../guards/requirement.ts'
import { asTRPCErrors } from '../live/as-trpc-errors.ts'
import { untilEnded } from '../live/until-ended.ts'
import { createInputReader } from './read-input.ts'

/** The procedure builder that operations are made procedures with. */
export type OperationBase = TRPCProcedureBuilder<
  AuthRouterContext,
  object,
  object,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false
>

/** Where the step that performs an operation leaves what it returned, for the resolver. */
const RESULT: unique symbol = Symbol('latchkey.result')

interface Performed {
  readonly [RESULT]: unknown
}

/** An operation as a procedure. What it asks of its caller stands in its `meta` too, so that an audit sees it. */
export function toProcedure(base: OperationBase, mounted: MountedOperation, features: AuthFeatures): AnyTRPCProcedure {
  const { access, type } = mounted.operation
  const named = access === 'public' ? base : base.meta(toMeta(toRequirement(access, features)))
  const performed = named.use(createStep(mounted))
  const readResult = ({ ctx }: { readonly ctx: Performed }) => ctx[RESULT]
  if (type === 'query') return performed.query(readResult)
  if (type === 'mutation') return performed.mutation(readResult)
  return performed.subscription(({ ctx, signal }) => {
    const stream = ctx[RESULT] as AsyncIterable<unknown> // what the operation's type says
    if (access === 'public') return asTRPCErrors(stream)
    // A stream that asked for somebody ends with their session, or credential.
    const { watch, watchCaller } = readEngine(ctx)
    return untilEnded(stream, { watch: access === 'caller' ? watchCaller : watch, signal })
  })
}

function toRequirement(access: 'caller' | 'session' | 'fresh', { freshAge }: AuthFeatures): Requirement {
  return access === 'fresh' ? { guard: 'fresh', maxAge: freshAge } : { guard: 'session' }
}

/** Performs the operation. (A middleware: only there can the input be read as late as an origin check asks for, trpc-facts 15.) */
function createStep(
  mounted: MountedOperation,
): TRPCMiddlewareFunction<AuthRouterContext, object, object, Performed, unknown> {
  return async ({ ctx, getRawInput, signal, next }) => {
    readInputEarly({ ctx, getRawInput })
    const readInput = createInputReader(ctx, getRawInput)
    let result: unknown
    try {
      result = await readEngine(ctx).perform(mounted, { readInput, signal })
    } catch (error) {
      throw toTRPCError(error)
    }
    return next({ ctx: { [RESULT]: result } })
  }
}

import type { AuthFeatures, MountedOperation, PerformOptions } from '@latchkey/core'
import type { AnyTRPCProcedure, TRPCMiddlewareFunction } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import { readInputEarly } from '../context/read-early.ts'
import { readEngine } from '../context/request-auth.ts'
import { toTRPCError } from '../errors.ts'
import type { BaseProcedure } from '../guards/guard.ts'
import { type Requirement, toMeta } from '../guards/requirement.ts'
import { asTRPCErrors } from '../live/as-trpc-errors.ts'
import { untilEnded } from '../live/until-ended.ts'
import { createInputReader } from './read-input.ts'

/** An operation as a procedure. What it asks of its caller stands in its `meta` too, so that an audit sees it. */
export function toProcedure(base: BaseProcedure, mounted: MountedOperation, features: AuthFeatures): AnyTRPCProcedure {
  const { access, type } = mounted.operation
  const named = access === 'public' ? base : base.meta(toMeta(toRequirement(access, features)))
  const { builder, resolve } = mounted.operation.input ? withInput(named, mounted) : withoutInput(named, mounted)
  if (type === 'query') return builder.query(resolve)
  if (type === 'mutation') return builder.mutation(resolve)
  return builder.subscription(async ({ ctx, signal }) => {
    const stream = (await resolve({ ctx, signal })) as AsyncIterable<unknown> // what the operation's type says
    if (access === 'public') return asTRPCErrors(stream)
    // A stream that asked for somebody ends with their session, or credential.
    const { watch, watchCaller } = readEngine(ctx)
    return untilEnded(stream, { watch: access === 'caller' ? watchCaller : watch, signal })
  })
}

function toRequirement(access: 'caller' | 'session' | 'fresh', { freshAge }: AuthFeatures): Requirement {
  return access === 'fresh' ? { guard: 'fresh', maxAge: freshAge } : { guard: 'session' }
}

/** What is left to say of a procedure: its type, and how it is resolved. */
interface Performer {
  readonly builder: BaseProcedure
  readonly resolve: (options: ResolverOptions) => unknown
}

interface ResolverOptions {
  readonly ctx: AuthRouterContext
  readonly signal: AbortSignal | undefined
}

/** Performed by the resolver: a middleware would cost a copy of the context, and `session` is asked by every page. */
function withoutInput(builder: BaseProcedure, mounted: MountedOperation): Performer {
  return { builder, resolve: ({ ctx, signal }) => perform(ctx, mounted, { readInput: () => undefined, signal }) }
}

/** Performed by a middleware: only there can the input be read as late as an origin check asks for (trpc-facts 15). */
function withInput(builder: BaseProcedure, mounted: MountedOperation): Performer {
  return { builder: builder.use(createStep(mounted)), resolve: ({ ctx }) => RESULT in ctx && ctx[RESULT] }
}

/** Where the middleware leaves what an operation returned, for the resolver. */
const RESULT: unique symbol = Symbol('latchkey.result')

function createStep(
  mounted: MountedOperation,
): TRPCMiddlewareFunction<AuthRouterContext, object, object, object, unknown> {
  return async ({ ctx, getRawInput, signal, next }) => {
    readInputEarly({ ctx, getRawInput })
    const readInput = createInputReader(ctx, getRawInput)
    return next({ ctx: { [RESULT]: await perform(ctx, mounted, { readInput, signal }) } })
  }
}

async function perform(ctx: AuthRouterContext, mounted: MountedOperation, options: PerformOptions): Promise<unknown> {
  try {
    return await readEngine(ctx).perform(mounted, options)
  } catch (error) {
    throw toTRPCError(error)
  }
}

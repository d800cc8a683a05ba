import { observableToAsyncIterable, type Observable } from '@trpc/server/observable'
import { readEngine } from '../context/request-auth.ts'
import { asTRPCErrors } from '../live/as-trpc-errors.ts'
import { untilEnded } from '../live/until-ended.ts'
import { createMiddleware } from './guard.ts'
import { type Requirement, tagRequirement } from './requirement.ts'
import type { AuthMiddleware } from './types.ts'

/**
 * The session guard for subscriptions: besides asking for a session when the stream begins, it ends the stream with the session.
 * One middleware, as every guard.
 */
export function createSubscriptionMiddleware(requirement: Requirement): AuthMiddleware {
  const guard = createMiddleware(requirement)
  const middleware: AuthMiddleware = async (options) => {
    const result = await guard(options)
    if (!result.ok || options.type !== 'subscription') return result
    const stream = toAsyncIterable(result.data, options.signal)
    const { watch } = readEngine(options.ctx)
    return stream ? { ...result, data: asTRPCErrors(untilEnded(stream, watch)) } : result
  }
  return tagRequirement(middleware, requirement)
}

/** What a subscription's resolver may answer: an async iterable, or tRPC's older observable. */
function toAsyncIterable(data: unknown, signal: AbortSignal | undefined): AsyncIterable<unknown> | null {
  if (typeof data !== 'object' || data === null) return null
  if (Symbol.asyncIterator in data) return data as AsyncIterable<unknown> // it has the method that makes it one
  if (!('subscribe' in data)) return null
  return observableToAsyncIterable(data as Observable<unknown, unknown>, signal ?? new AbortController().signal) // by its method
}

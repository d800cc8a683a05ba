import type { Session } from '@latchkey/core'
import { observableToAsyncIterable, type Observable } from '@trpc/server/observable'
import type { AuthRouterContext } from '../context/create.ts'
import { readEngine } from '../context/request-auth.ts'
import { untilEnded } from './until-ended.ts'

interface StreamOptions {
  readonly ctx: AuthRouterContext
  readonly signal: AbortSignal | undefined
}

/** The stream of a guarded subscription. It ends with its session, or when the check that let it begin no longer agrees. */
export function followSession(
  data: unknown,
  { ctx, signal }: StreamOptions,
  check?: (session: Session) => void | Promise<void>,
): unknown {
  const stream = toAsyncIterable(data, signal)
  return stream ? untilEnded(stream, { watch: readEngine(ctx).watch, signal, check }) : data
}

/** What a subscription's resolver may return: an async iterable, or tRPC's older observable. */
function toAsyncIterable(data: unknown, signal: AbortSignal | undefined): AsyncIterable<unknown> | null {
  if (typeof data !== 'object' || data === null) return null
  if (Symbol.asyncIterator in data) return data as AsyncIterable<unknown> // it has the method that makes it one
  if (!('subscribe' in data)) return null
  return observableToAsyncIterable(data as Observable<unknown, unknown>, signal ?? new AbortController().signal) // by its method
}

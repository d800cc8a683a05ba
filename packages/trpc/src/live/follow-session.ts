import type { AuthTypes } from '@latchkey/core'
import { observableToAsyncIterable, type Observable } from '@trpc/server/observable'
import { untilEnded, type UntilEndedOptions } from './until-ended.ts'

/** The stream of a guarded subscription. It ends with its session, or when the check that let it begin no longer agrees. */
export function followSession(data: unknown, options: UntilEndedOptions<AuthTypes>): unknown {
  const stream = toAsyncIterable(data, options.signal)
  return stream ? untilEnded(stream, options) : data
}

/** What a subscription's resolver may return: an async iterable, or tRPC's older observable. */
function toAsyncIterable(data: unknown, signal: AbortSignal | undefined): AsyncIterable<unknown> | null {
  if (typeof data !== 'object' || data === null) return null
  if (Symbol.asyncIterator in data) return data as AsyncIterable<unknown> // it has the method that makes it one
  if (!('subscribe' in data)) return null
  return observableToAsyncIterable(data as Observable<unknown, unknown>, signal ?? new AbortController().signal) // by its method
}

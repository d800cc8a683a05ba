import type { Awaitable } from '../types.ts'

/** Goes on at once where there is nothing to wait for: on every request's path a promise costs more than most of what stands behind it. */
export function andThen<T, TNext>(value: Awaitable<T>, goOn: (value: T) => Awaitable<TNext>): Awaitable<TNext> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}

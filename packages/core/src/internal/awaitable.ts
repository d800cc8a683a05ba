import type { Awaitable } from './types.ts'

/** Continues synchronously if the value isn't a promise: for every request a promise would cost more than most of the work. */
export function andThen<T, TNext>(value: Awaitable<T>, goOn: (value: T) => Awaitable<TNext>): Awaitable<TNext> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}

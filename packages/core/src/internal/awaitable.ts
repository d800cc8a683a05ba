import type { Awaitable } from './types.ts'

/** Goes on at once if there is nothing to wait for: on the path of every request a promise costs more than most of the work. */
export function andThen<T, TNext>(value: Awaitable<T>, goOn: (value: T) => Awaitable<TNext>): Awaitable<TNext> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}

import type { Awaitable } from './types.ts'

/** Continues synchronously if the value isn't a promise: for every request a promise would cost more than most of the work. */
export function andThen<T, TNext>(value: Awaitable<T>, goOn: (value: T) => Awaitable<TNext>): Awaitable<TNext> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}

/** Handles what a function throws, or what its promise is rejected with. */
export function recover<T>(run: () => Awaitable<T>, handle: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = run()
    return value instanceof Promise ? value.catch(handle) : value
  } catch (error) {
    return handle(error)
  }
}

/** The promise that an async function would return, without what the engine allocates for one that is never suspended. */
export function promise<T, TNext>(value: Awaitable<T>, goOn: (value: T) => TNext): Promise<TNext> {
  if (value instanceof Promise) return value.then(goOn)
  try {
    return Promise.resolve(goOn(value))
  } catch (error) {
    return Promise.reject(error)
  }
}

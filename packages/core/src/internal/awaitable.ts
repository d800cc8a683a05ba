import { isThenable } from './is-thenable.ts'
import type { Awaitable } from './types.ts'

/** Not `instanceof`: an app may have put another Promise in the place of the global one, and what async functions return isn't one of those. */
function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return isThenable(value)
}

/** Continues synchronously if the value isn't a promise: for every request a promise would cost more than most of the work. */
export function andThen<T, TNext>(value: Awaitable<T>, goOn: (value: T) => Awaitable<TNext>): Awaitable<TNext> {
  return isPromise(value) ? value.then(goOn) : goOn(value)
}

/** Handles what a function throws, or what its promise is rejected with. */
export function recover<T>(run: () => Awaitable<T>, handle: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = run()
    return isPromise(value) ? value.catch(handle) : value
  } catch (error) {
    return handle(error)
  }
}

/** The promise that an async function would return, without what the engine allocates for one that is never suspended. */
export function asPromise<T, TNext>(value: Awaitable<T>, goOn: (value: T) => TNext): Promise<TNext> {
  if (isPromise(value)) return value.then(goOn)
  try {
    return Promise.resolve(goOn(value))
  } catch (error) {
    return Promise.reject(error)
  }
}

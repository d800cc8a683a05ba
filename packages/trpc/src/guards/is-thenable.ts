/** Whether a value has to be waited for. Not `instanceof Promise`: an app may have put another one in the place of the global one. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return value instanceof Object && 'then' in value
}

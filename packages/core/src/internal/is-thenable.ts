/** Whether a value can be awaited. Not only promises of this realm: some query builders' queries run when they are awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const canThen = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return canThen && 'then' in value && typeof value.then === 'function'
}

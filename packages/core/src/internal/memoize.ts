/** Calls `read` once and keeps its result. If it throws, the next call tries again. */
export function memoize<T extends object>(read: () => T): () => T {
  let kept: T | undefined
  return () => (kept ??= read())
}

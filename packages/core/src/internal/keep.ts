/** Asks at the first call and keeps the result. If `read` throws, the next call asks again. */
export function keep<T extends object>(read: () => T): () => T {
  let kept: T | undefined
  return () => (kept ??= read())
}

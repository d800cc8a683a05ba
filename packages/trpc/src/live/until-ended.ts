import type { AuthContext, AuthError } from '@latchkey/core'

/**
 * A stream that lasts no longer than the session: at its end the source is closed and the reason thrown, also while the source is
 * silent. Items pass as they are, `tracked()` ones too.
 */
export async function* untilEnded<T>(
  source: AsyncIterable<T>,
  watch: AuthContext['watch'],
): AsyncGenerator<T, void, undefined> {
  let ended: AuthError | undefined
  let interrupt: ((reason: AuthError) => void) | undefined
  const stop = await watch({
    changed: () => {},
    ended: (reason) => {
      ended = reason
      interrupt?.(reason)
    },
  })
  const iterator = source[Symbol.asyncIterator]()
  // Not Promise.race: what it is given would keep a reaction for every item until the session ends.
  const next = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      interrupt = reject
      if (ended) reject(ended)
      else iterator.next().then(resolve, reject)
    })
  try {
    for (let step = await next(); !step.done; step = await next()) yield step.value
  } finally {
    stop()
    // Not awaited: a generator closes only after the item that it is waiting for.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

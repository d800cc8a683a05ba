import type { AuthContext, AuthError, AuthTypes, Session } from '@latchkey/core'
import { toTRPCError } from '../errors.ts'

export interface UntilEndedOptions<U extends AuthTypes> {
  readonly watch: AuthContext<U>['watch']
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal | undefined
  /** Asked again whenever the session changes: what it throws ends the stream. */
  readonly check?: ((session: Session<U['role'], U['claims']>) => void | Promise<void>) | undefined
}

/**
 * A stream that lasts no longer than the session: at its end the source is closed and the reason thrown, also while the source is
 * silent. Items pass as they are, `tracked()` ones too.
 *
 * Not a generator: one that waits for its source can't be closed before the source says something, and would keep its watch until then.
 */
export function untilEnded<T, U extends AuthTypes>(
  source: AsyncIterable<T>,
  options: UntilEndedOptions<U>,
): AsyncIterable<T, void, undefined> {
  return { [Symbol.asyncIterator]: () => createIterator(source[Symbol.asyncIterator](), options) }
}

function createIterator<T, U extends AuthTypes>(
  source: AsyncIterator<T>,
  { watch, signal, check }: UntilEndedOptions<U>,
): AsyncIterator<T, void, undefined> {
  let over: { readonly reason: unknown } | undefined
  let interrupt: (() => void) | undefined
  let stopping: Promise<() => void> | undefined
  const close = (reason: unknown) => {
    if (over) return
    over = { reason }
    signal?.removeEventListener('abort', leave)
    // Neither is awaited: a generator closes only after the item that it is waiting for.
    void stopWatching()
    void closeSource()
    interrupt?.()
  }
  const stopWatching = async () => {
    try {
      const stop = await stopping
      stop?.()
    } catch {
      // It never began, and its reader gets the reason.
    }
  }
  const closeSource = async () => {
    try {
      await source.return?.()
    } catch {
      // It has no reader any more.
    }
  }
  const checkAgain = async (session: Session<U['role'], U['claims']>) => {
    try {
      await check?.(session)
    } catch (reason) {
      close(reason)
    }
  }
  const leave = () => close(null)
  const begin = async (): Promise<() => void> => {
    if (signal?.aborted) leave()
    // Its reader has gone before it began: nothing is watched, for nothing would stop it.
    if (over) return () => {}
    signal?.addEventListener('abort', leave)
    return watch({
      session: check && ((session) => void checkAgain(session)),
      ended: (reason: AuthError) => close(reason),
    })
  }
  const finish = (): IteratorResult<T, void> => {
    if (over?.reason) throw toTRPCError(over.reason)
    return { done: true, value: undefined }
  }
  // Not Promise.race: what it is given would keep a reaction for every item until the session ends.
  const step = () =>
    new Promise<IteratorResult<T> | null>((resolve, reject) => {
      interrupt = () => resolve(null)
      source.next().then(resolve, reject)
    })
  return {
    next: async () => {
      try {
        await (stopping ??= begin())
        const result = over ? null : await step()
        if (over || !result) return finish()
        if (!result.done) return result
        close(null)
        return { done: true, value: undefined }
      } catch (error) {
        close(null)
        throw toTRPCError(error)
      }
    },
    return: async () => {
      close(null)
      return { done: true, value: undefined }
    },
  }
}

/** What is read of `process`, where there is one. */
interface ProcessLike {
  readonly getBuiltinModule?: (name: 'node:os') => { readonly availableParallelism?: () => number } | undefined
}

/**
 * How many passwords to hash at a time: two, but one where that would leave no processor for the event loop. A machine with two gets no more
 * sign-ins out of the second, and everybody else waits for it.
 */
export function readConcurrency(): number {
  const processors = countProcessors()
  return processors === undefined ? 2 : Math.min(2, Math.max(1, processors - 1))
}

/** Those that this process may use; undefined where no one says. Imports nothing, so that it loads in every runtime. */
function countProcessors(): number | undefined {
  const { process, navigator } = globalThis as {
    readonly process?: ProcessLike
    readonly navigator?: { readonly hardwareConcurrency?: number }
  }
  return process?.getBuiltinModule?.('node:os')?.availableParallelism?.() ?? navigator?.hardwareConcurrency
}

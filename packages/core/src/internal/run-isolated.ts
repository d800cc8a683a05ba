/** Runs a function that isn't ours. What it throws, or rejects with later, is reported; nothing waits for it. */
export function runIsolated(run: () => unknown, report: (cause: unknown) => void): void {
  try {
    const returned = run()
    if (returned instanceof Object && 'then' in returned) void Promise.resolve(returned).catch(report)
  } catch (cause) {
    report(cause)
  }
}

/** Keeps no process alive that has nothing else to do. In runtimes where a timer is a number there is nothing to be done. */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}

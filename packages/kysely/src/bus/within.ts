/**
 * Waits for a promise no longer than this.
 *
 * @param limit milliseconds
 * @throws Error if it is still pending then; whatever it rejects with
 */
export async function within<T>(promise: Promise<T>, limit: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    // Once more round the loop: an answer that has arrived while this process was busy is read first.
    const fail = () => reject(new Error(`no answer within ${limit} ms`))
    timer = setTimeout(() => (timer = setTimeout(fail)), limit)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

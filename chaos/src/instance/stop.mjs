/** Milliseconds without a request that say: the balancer has noticed that this instance takes no more, also on a busy machine. */
const QUIET = 1_000
/** Milliseconds after which it is stopped all the same, and after which connections that are still open are cut. */
const PATIENCE = 4_000

/**
 * Stops a server on SIGTERM as docs/live.md says: it says so to the balancer, and goes on until that sends nothing more; then it ends its
 * streams, completes the calls that are under way, and exits. A connection that is closed sooner may have a request on its way.
 */
export function stopOnSignal(server, close) {
  const closing = { isBegun: false, lastRequest: performance.now() }
  const stop = () => {
    server.close(() => process.exit(0))
    setInterval(() => server.closeIdleConnections(), 50).unref()
    setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
    void close()
  }
  process.once('SIGTERM', () => {
    closing.isBegun = true
    const begun = performance.now()
    closing.lastRequest = begun
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - closing.lastRequest < QUIET && now - begun < PATIENCE) return
      clearInterval(timer)
      stop()
    }, 20)
  })
  return closing
}

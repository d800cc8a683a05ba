/** Milliseconds in which a balancer notices that an instance takes no more requests. */
const NOTICE = 2_000
/** Milliseconds after which connections that are still open are cut. */
const PATIENCE = 5_000

/**
 * Stops a server on SIGTERM as docs/live.md says: it says so to the balancer, and goes on until that has noticed; then it ends its streams,
 * completes the calls that are under way, and exits.
 */
export function stopOnSignal(server, close) {
  const closing = { isBegun: false }
  process.once('SIGTERM', () => {
    closing.isBegun = true
    setTimeout(() => {
      server.close(() => process.exit(0))
      setInterval(() => server.closeIdleConnections(), 50).unref()
      setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
      void close()
    }, NOTICE)
  })
  return closing
}

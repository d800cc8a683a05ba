import type { SessionBus } from '../../src/index.ts'

/** A bus in the test's hands: it keeps what is published, and delivers what it is told to, to whom it is told to. */
export function openWire() {
  const sent: string[] = []
  const ends: { deliver: (message: string) => void }[] = []
  const openEnd = (): SessionBus & { readonly deliver: (message: unknown) => void } => {
    const end = { deliver: (_message: string): void => {} }
    ends.push(end)
    return {
      publish: (message) => void sent.push(message),
      subscribe: (listener, connection) => {
        end.deliver = listener
        // Nothing was sent before: what is missed later is the test's doing, and isn't told.
        connection.connected(Infinity)
        return () => void (end.deliver = () => {})
      },
      deliver: (message) => end.deliver(message as string), // what comes over a wire has no type
    }
  }
  /** Gives everybody what was sent since. */
  const flush = () => {
    for (const message of sent.splice(0)) for (const { deliver } of ends) deliver(message)
  }
  return { sent, openEnd, flush }
}

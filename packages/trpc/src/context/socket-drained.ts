import type { BufferingSocket } from './request.ts'

/** Bytes that may wait in a socket whose client reads slowly before a stream holds back. */
const MAX_BUFFERED = 65_536
/** Milliseconds. `ws` doesn't tell when its buffer has emptied. */
const LOOK_AGAIN = 50
const OPEN = 1

/** One wait per socket, however many of its streams hold back. */
const waits = new WeakMap<BufferingSocket, Promise<void>>()

/** Whether what is sent now would only add to what this client hasn't read. */
export function isBehind({ readyState, bufferedAmount = 0 }: BufferingSocket): boolean {
  return readyState === OPEN && bufferedAmount > MAX_BUFFERED
}

/** Waits until the client has read enough, or has gone. */
export function socketDrained(socket: BufferingSocket): Promise<void> {
  const known = waits.get(socket)
  if (known) return known
  const wait = drain(socket)
  waits.set(socket, wait)
  return wait
}

async function drain(socket: BufferingSocket): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
  while (isBehind(socket))
  waits.delete(socket)
}

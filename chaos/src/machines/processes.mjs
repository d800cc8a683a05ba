import { once } from 'node:events'
import { createServer } from 'node:net'

/** @returns after that time, what was given */
export const sleep = (milliseconds, value) => new Promise((resolve) => setTimeout(resolve, milliseconds, value))

/** A port that nobody listens on. */
export async function findPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Sends a signal to a process that may have ended meanwhile. */
export function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}

/** Waits until something holds. @throws if it never does */
export async function until(holds, what, patience = 30_000) {
  const begun = performance.now()
  while (!(await holds())) {
    if (performance.now() - begun > patience) throw new Error(`${what}: not within ${patience / 1_000} s`)
    await sleep(10)
  }
}

/** Does it for all, a few at a time. @returns what each came to */
export async function eachOf(list, atOnce, act) {
  const results = []
  let next = 0
  const lane = async () => {
    while (next < list.length) {
      const index = next++
      results[index] = await act(list[index], index)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return results
}

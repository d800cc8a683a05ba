import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs a module in a process of its own that can collect garbage, and returns what it sends. */
export async function runAlone(url, how) {
  const child = fork(fileURLToPath(url), [JSON.stringify(how)], { execArgv: ['--expose-gc'] })
  const found = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof found[0] !== 'object') throw new Error(`${url} ended with ${found[0]}`)
  child.disconnect()
  return found[0]
}

/** What {@link runAlone} was told, in the process that it started; undefined in any other. */
export function readOrder(url) {
  return process.send && process.argv[1] === fileURLToPath(url) ? JSON.parse(process.argv[2]) : undefined
}

/** Bytes that this process keeps. */
export function countBytes() {
  // Twice: what the first finds to be garbage may hold more in memory outside the heap.
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

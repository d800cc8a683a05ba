import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

/**
 * A variant in a process of its own, on the first core if there are two and `taskset`; null if it can't be had. Links to our packages are
 * kept as they are, so that all of them share one copy of tRPC, as in an app that installed them.
 */
export async function start(variant, { node = process.execPath, pinned = true } = {}) {
  const options = { execPath: node, execArgv: ['--preserve-symlinks'] }
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [variant], options)
  if (pinned) pin(child.pid, 0)
  const [ready] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof ready === 'number') throw new Error(`the server "${variant}" did not start`)
  if (!ready) child.disconnect()
  return ready && { ...ready, child }
}

export async function ask({ child }, question) {
  child.send(question)
  const [answer] = await once(child, 'message')
  return answer
}

export function close({ child }) {
  child.disconnect()
}

/** This process sends the load, from the second core. */
export function pinLoad() {
  return { isPinned: pin(process.pid, 1), unpin: () => spawnSync('taskset', ['-apc', EVERY, String(process.pid)]) }
}

const EVERY = `0-${cpus().length - 1}`

function pin(pid, core) {
  return cpus().length > 1 && spawnSync('taskset', ['-apc', String(core), String(pid)]).status === 0
}

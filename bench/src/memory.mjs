import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sealMany } from './tokens.mjs'
import { openLatchkey } from './latchkey.mjs'
import { ORIGIN } from './people.mjs'

/** Bytes that are kept once `sessions` different people have been seen, with the map of opened tokens as it is by default. */
export async function measureMemory({ sessions }) {
  const child = fork(fileURLToPath(import.meta.url), [String(sessions)], { execArgv: ['--expose-gc'] })
  const [bytes] = await once(child, 'message')
  child.disconnect()
  return { sessions, bytes }
}

function used() {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

if (process.send) {
  const { auth } = await openLatchkey({ strategy: 'jwt' })
  const see = (cookie) => auth.getSession(new Request(ORIGIN, { headers: { cookie } }))
  const sessions = Number(process.argv[2])
  for (const cookie of sealMany(100)) await see(cookie)
  globalThis.gc()
  const before = used()
  // Not one array of all: it would be counted.
  for (let from = 0; from < sessions; from += 1_000)
    for (const cookie of sealMany(1_000, from)) if (!(await see(cookie))) throw new Error('no session')
  globalThis.gc()
  process.send(used() - before)
}

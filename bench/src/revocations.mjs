import { randomUUID } from 'node:crypto'
import { memoryAdapter } from '@latchkey/core'
import { countBytes, readOrder, runAlone } from './kept.mjs'
import { openLatchkey } from './latchkey.mjs'
import { ORIGIN } from './people.mjs'
import { median } from './statistics.mjs'

/** How many sessions end with one call until there are as many as are wanted. */
const AT_ONCE = 1_000
/** How many the list remembers (`MAX_REVOCATIONS`). */
const BOUND = 1_000_000

/**
 * What a process keeps of sessions that have ended, how long a look-up takes that checks the list of them, and how long it takes to end one
 * more. The largest size is beyond the list's bound.
 */
export function measureRevocations(how) {
  return runAlone(import.meta.url, how)
}

const order = readOrder(import.meta.url)
if (order) process.send(await measure(order))

async function measure({ sizes, calls }) {
  // Each call of its `revokeSessions` ends other sessions, without any rows that would be counted.
  const store = { ...memoryAdapter(), revokeSessions: async ({ userId }) => newIds(Number(userId)) }
  const { auth, cookie } = await openLatchkey({ strategy: 'jwt', adapter: store })
  const look = async () => {
    if (!(await auth.getSession(new Request(ORIGIN, { headers: { cookie } })))) throw new Error('no session')
  }
  const add = () => auth.revokeSessions('1')
  await timeOf(look, calls)
  await timeOf(add, AT_ONCE)
  const before = countBytes()
  const found = []
  // Those of above.
  let ended = AT_ONCE
  for (const size of sizes) {
    for (; ended < size; ended += AT_ONCE) await auth.revokeSessions(String(AT_ONCE))
    const bytes = countBytes() - before
    const added = await timeOf(add, calls)
    ended += calls
    const each = bytes / (Math.min(size, BOUND) - AT_ONCE)
    found.push({ size, bytes, each, check: await timeOf(look, calls), add: added })
  }
  return found
}

/** As a driver returns them: Node's `randomUUID` returns texts that are still in pieces, and take five times the memory. */
function newIds(count) {
  return Array.from({ length: count }, () => Buffer.from(randomUUID()).toString('latin1'))
}

/** Microseconds for one call. */
async function timeOf(run, calls) {
  const times = []
  for (let call = 0; call < calls; call++) {
    const begin = performance.now()
    await run()
    times.push((performance.now() - begin) * 1_000)
  }
  return median(times)
}

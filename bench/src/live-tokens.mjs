import { countBytes, readOrder, runAlone } from './kept.mjs'
import { openLatchkey } from './latchkey.mjs'
import { ORIGIN } from './people.mjs'
import { median } from './statistics.mjs'
import { sealMany } from './tokens.mjs'

/** How long it takes to resolve one of many tokens in use, and the bytes that they keep: beyond the cache's bounds some are opened anew. */
export function measureTokens(how) {
  return runAlone(import.meta.url, how)
}

const order = readOrder(import.meta.url)
if (order) process.send(await measure(order))

async function measure({ sizes, calls }) {
  const { auth } = await openLatchkey({ strategy: 'jwt' })
  const see = (cookie) => auth.getSession(new Request(ORIGIN, { headers: { cookie } }))
  for (const cookie of sealMany(1_000, -1_000)) await see(cookie)
  const cookies = sealMany(Math.max(...sizes))
  const found = []
  // Also the texts by which they are looked up are here before: those aren't counted.
  const before = countBytes()
  for (const size of sizes) {
    for (let number = 0; number < size; number++) await see(cookies[number])
    found.push({ size, ...(await spend((call) => see(cookies[call % size]), calls)), bytes: countBytes() - before })
  }
  return found
}

/** Microseconds for one call: the median of all, and the CPU time in the mean, because with many tokens most calls are cheap or most are dear. */
async function spend(run, calls) {
  const times = []
  const before = process.cpuUsage()
  for (let call = 0; call < calls; call++) {
    const begin = performance.now()
    if (!(await run(call))) throw new Error('no session')
    times.push((performance.now() - begin) * 1_000)
  }
  const { user, system } = process.cpuUsage(before)
  return { time: median(times), cpu: (user + system) / calls }
}

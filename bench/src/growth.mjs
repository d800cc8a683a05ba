import { openAdapter, openLatchkey } from './latchkey.mjs'
import { cookieHeader, ORIGIN } from './people.mjs'
import { fillSessions, readToken, tokenOf } from './rows.mjs'
import { median } from './statistics.mjs'

/** Microseconds (median) to find a session by its row, as the table grows: of people drawn at random, whose rows are nowhere near. */
export async function measureRows({ sizes, calls }) {
  const { adapter, sqlite, close } = await openAdapter()
  const { auth, cookie } = await openLatchkey({ strategy: 'database', adapter })
  const { name, token: own } = readToken(cookie)
  const times = []
  const one = () => auth.getSession(new Request(ORIGIN, { headers: { cookie } }))
  // Compiled by the time that the first size is measured.
  await timeOf(one, calls)
  let rows = 1
  for (const size of sizes) {
    fillSessions(sqlite, rows, size, own)
    rows = size
    const ask = () => {
      const token = `${name}=${tokenOf(1 + Math.floor(Math.random() * (size - 1)), own)}`
      return auth.getSession(new Request(ORIGIN, { headers: { cookie: cookieHeader(token) } }))
    }
    times.push({ size, time: await timeOf(ask, calls) })
  }
  await close()
  return times
}

async function timeOf(run, calls) {
  const times = []
  for (let call = 0; call < calls; call++) {
    const begin = performance.now()
    if (!(await run())) throw new Error('no session')
    times.push((performance.now() - begin) * 1_000)
  }
  return median(times.slice(calls / 10))
}

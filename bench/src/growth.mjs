import { createHash, randomUUID } from 'node:crypto'
import { openAdapter, openLatchkey } from './latchkey.mjs'
import { cookieHeader, ORIGIN } from './people.mjs'
import { median } from './statistics.mjs'
import { sealMany } from './tokens.mjs'

/** Microseconds (median) to find a session by its row, as the table grows: of people drawn at random, whose rows are nowhere near. */
export async function measureRows({ sizes, calls }) {
  const { adapter, sqlite, close } = await openAdapter()
  const { auth, cookie } = await openLatchkey({ strategy: 'database', adapter })
  const [, name, own] = /; ([^=;]+)=([^;]*); consent/.exec(cookie)
  const times = []
  const one = () => auth.getSession(new Request(ORIGIN, { headers: { cookie } }))
  // Compiled by the time that the first size is measured.
  await timeOf(one, calls)
  let rows = 1
  for (const size of sizes) {
    fill(sqlite, rows, size, own)
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

/** Another person's token: as ours, with other random bytes. */
function tokenOf(number, own) {
  const bytes = Buffer.from(own, 'base64url')
  createHash('sha256').update(String(number)).digest().copy(bytes)
  return bytes.toString('base64url')
}

/** Copies of the session that is there, under ids and tokens of their own. */
function fill(sqlite, from, to, token) {
  const [row] = sqlite.prepare('select * from sessions limit 1').all()
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  const insert = sqlite.prepare(`insert into sessions (${columns.join(', ')}) values (${places})`)
  sqlite.exec('begin')
  for (let number = from; number < to; number++) {
    const hash = createHash('sha256').update(tokenOf(number, token)).digest('base64url')
    const own = { ...row, id: randomUUID(), session_token: hash }
    insert.run(columns.map((column) => own[column]))
  }
  sqlite.exec('commit')
}

/** Microseconds (mean) to resolve a token, by how many different ones are about: beyond the map's bounds some are opened anew. */
export async function measureTokens({ sizes, milliseconds }) {
  const { auth } = await openLatchkey({ strategy: 'jwt' })
  const cookies = sealMany(Math.max(...sizes))
  const times = []
  for (const size of sizes) {
    const some = cookies.slice(0, size)
    const ask = (number) => auth.getSession(new Request(ORIGIN, { headers: { cookie: some[number % size] } }))
    for (let number = 0; number < size; number++) await ask(number)
    const until = performance.now() + milliseconds
    const before = process.cpuUsage()
    let calls = 0
    for (; performance.now() < until; calls++) await ask(calls)
    const { user, system } = process.cpuUsage(before)
    times.push({ size, time: (user + system) / calls })
  }
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

import { createHash, randomUUID } from 'node:crypto'
import { openAdapter, openLatchkey } from './latchkey.mjs'
import { ORIGIN } from './people.mjs'
import { median } from './statistics.mjs'
import { sealMany } from './tokens.mjs'

/** Microseconds (median) to find a session by its row, as the table grows. */
export async function measureRows({ sizes, calls }) {
  const { adapter, sqlite, close } = await openAdapter()
  const { auth, cookie } = await openLatchkey({ strategy: 'database', adapter })
  const times = []
  let rows = 0
  for (const size of sizes) {
    fill(sqlite, rows, size)
    rows = size
    times.push({ size, time: await timeOf(() => auth.getSession(new Request(ORIGIN, { headers: { cookie } })), calls) })
  }
  await close()
  return times
}

/** Copies of the session that is there, under other ids and hashes. */
function fill(sqlite, from, to) {
  const [row] = sqlite.prepare('select * from sessions limit 1').all()
  const columns = Object.keys(row)
  const insert = sqlite.prepare(
    `insert into sessions (${columns.map((name) => `"${name}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  )
  sqlite.exec('begin')
  for (let number = from; number < to; number++) {
    const hash = createHash('sha256').update(String(number)).digest('base64url')
    insert.run(
      columns.map(
        (name) =>
          ({ id: randomUUID(), token_hash: hash, tokenHash: hash, session_token: hash, sessionToken: hash })[name] ??
          row[name],
      ),
    )
  }
  sqlite.exec('commit')
}

/** Microseconds (mean) to resolve a token, by how many different ones are about: beyond the map's bounds some are opened anew. */
export async function measureTokens({ sizes, milliseconds }) {
  const { auth } = await openLatchkey({ strategy: 'jwt' })
  const cookies = []
  for await (const cookie of sealMany(Math.max(...sizes))) cookies.push(cookie)
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

import { openAdapter, openLatchkey } from './latchkey.mjs'
import { openGcm, openJoin, openMap } from './limits.mjs'
import { openAuthJs, openBetterAuth, openIronSession, openJose, openJoseJwe } from './peers.mjs'
import { openSchema } from './postgres.mjs'
import { ORIGIN } from './people.mjs'
import { spread } from './statistics.mjs'

/**
 * One resolution of a session, in process: from a request with a Cookie header to who it is. CPU time of the whole process, its
 * thread pool included; the cases take turns in every round.
 */
export async function measureResolve({ rounds, milliseconds }) {
  const { cases, close } = await openCases()
  const times = new Map(cases.map(({ name }) => [name, []]))
  for (const { run } of cases) await spend(run, milliseconds / 2)
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of cases) times.get(name).push(await spend(run, milliseconds))
  }
  await close()
  return cases.map(({ name, beside }) => ({ name, beside, ...spread(times.get(name)), times: times.get(name) }))
}

async function openCases() {
  const warm = await openLatchkey({ strategy: 'jwt' })
  const cold = await openLatchkey({ strategy: 'jwt', tokenCache: false })
  const row = await openLatchkey({ strategy: 'database' })
  const authJs = await openAuthJs()
  const betterRow = await openBetterAuth({})
  const betterCache = await openBetterAuth({ cookieCache: 'compact' })
  const betterJwe = await openBetterAuth({ cookieCache: 'jwe' })
  const [iron, jose, joseJwe] = [await openIronSession(), await openJose(), await openJoseJwe()]
  const postgres = await openPostgres()
  const [map, gcm, join] = [openMap(), openGcm(), openJoin()]
  const ask = (cookie, read) => {
    const request = new Request(`${ORIGIN}/x`, { headers: { cookie } })
    return () => read(request)
  }
  const cases = [
    { name: 'Latchkey, warm token', beside: '@auth/core getToken', run: ask(warm.cookie, warm.auth.getSession) },
    { name: 'Latchkey, cold token', beside: '@auth/core getToken', run: ask(cold.cookie, cold.auth.getSession) },
    {
      name: 'Latchkey, database row (SQLite)',
      beside: 'better-auth, row (SQLite)',
      run: ask(row.cookie, row.auth.getSession),
    },
    { name: '@auth/core getToken', run: ask(authJs.cookie, authJs.getToken) },
    { name: '@auth/core session route', run: authJs.sessionRoute },
    { name: 'better-auth, row (SQLite)', run: ask(betterRow.cookie, betterRow.getSession) },
    { name: 'better-auth, cookie cache', run: ask(betterCache.cookie, betterCache.getSession) },
    { name: 'better-auth, cookie cache (jwe)', run: ask(betterJwe.cookie, betterJwe.getSession) },
    { name: 'iron-session', run: ask(iron.cookie, iron.read) },
    { name: 'jose, JWE', run: ask(joseJwe.cookie, joseJwe.read) },
    { name: 'jose, HS256', run: ask(jose.cookie, jose.read) },
    ...(postgres
      ? [
          {
            name: 'Latchkey, database row (PostgreSQL)',
            beside: 'better-auth, row (PostgreSQL)',
            run: ask(postgres.ours.cookie, postgres.ours.auth.getSession),
          },
          { name: 'better-auth, row (PostgreSQL)', run: ask(postgres.better.cookie, postgres.better.getSession) },
        ]
      : []),
    { name: 'limit: a map', run: ask(map.cookie, map.read) },
    { name: 'limit: AES-GCM by hand', run: ask(gcm.cookie, gcm.read) },
    { name: 'limit: SHA-256 and a prepared join', run: ask(join.cookie, join.read) },
  ]
  for (const { name, run } of cases)
    if (!(await run())) throw new Error(`${name} found no session: there is nothing to measure`)
  return { cases, close: async () => postgres?.close() }
}

/** Both libraries on a PostgreSQL of this machine, each in a schema of its own; null if none answers. */
async function openPostgres() {
  const schemas = [await openSchema(), await openSchema()]
  if (schemas.includes(null)) return null
  const [forOurs, forBetter] = schemas.map((schema) => schema.connect({ max: 4 }))
  const { adapter } = await openAdapter(forOurs)
  return {
    ours: await openLatchkey({ strategy: 'database', adapter }),
    better: await openBetterAuth({ postgres: forBetter }),
    close: () => Promise.all(schemas.map((schema) => schema.close())),
  }
}

/** CPU microseconds for one call, over as many calls as fit into the time. */
async function spend(run, milliseconds) {
  const until = performance.now() + milliseconds
  const before = process.cpuUsage()
  let calls = 0
  while (performance.now() < until) {
    for (let call = 0; call < 20; call++) await run()
    calls += 20
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

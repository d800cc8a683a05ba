import { randomBytes, randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { kyselyAdapter, postgresDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { Kysely } from 'kysely'
import { PERSON } from './people.mjs'
import { openSchema } from './postgres.mjs'
import { median, round, spread } from './statistics.mjs'

/**
 * One read of a session and its user from PostgreSQL: by the adapter, and by hand with `pg` and a named statement. CPU of this process
 * alone, in pairs by turns; null if no server answers.
 */
export async function measurePostgresRead({ rounds, milliseconds }) {
  const place = await openSchema()
  if (!place) return null
  const cases = await openCases(place)
  for (const run of Object.values(cases)) await spend(run, milliseconds)
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]))
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, run] of Object.entries(cases)) times[name].push(await spend(run, milliseconds))
  }
  await place.close()
  const ratio = (name) => spread(times[name].map((time, turn) => time / times.byHand[turn]))
  return { times, ratio: ratio('adapter'), unnamed: ratio('unnamed') }
}

async function openCases({ connect }) {
  const db = new Kysely({ dialect: postgresDialect(connect()) })
  await migrateToLatest(db)
  const adapter = kyselyAdapter(db)
  const sessionToken = await signIn(adapter)
  const unnamed = kyselyAdapter(new Kysely({ dialect: postgresDialect(connect(), { prepare: false }) }))
  const pool = connect()
  const byHand = () => pool.query({ name: 'by-hand', text: JOIN, values: [sessionToken] })
  return {
    byHand: async () => (await byHand()).rows[0],
    adapter: () => adapter.getSessionAndUser(sessionToken),
    unnamed: () => unnamed.getSessionAndUser(sessionToken),
  }
}

const JOIN = `select s.id as sid, s.session_token, s.user_id, s.expires, s.created_at, s.last_seen_at, s.user_agent, s.ip, s.claims,
  s.revision, s.generation, s.rotated_at, s.revoked_at, s.amr, (extract(epoch from clock_timestamp()) * 1000)::float8 as now, u.*
  from sessions s join users u on u.id = s.user_id where s.session_token = $1`

async function signIn(adapter) {
  await adapter.createUser({ ...PERSON, emailVerified: new Date() })
  const [now, expires] = [new Date(), new Date(Date.now() + 86_400_000)]
  const session = {
    ...{ id: randomUUID(), sessionToken: randomBytes(32).toString('base64url'), userId: PERSON.id, expires },
    ...{ createdAt: now, lastSeenAt: now, userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', ip: '192.0.2.1' },
    ...{ claims: { roles: ['admin'] }, revision: 0, generation: 0, rotatedAt: null, revokedAt: null, amr: ['pwd'] },
  }
  await adapter.createSession(session)
  return session.sessionToken
}

/** CPU microseconds for one call, over as many calls as fit into the time. */
async function spend(run, milliseconds) {
  if (!(await run())) throw new Error('no session was found: there is nothing to measure')
  const until = performance.now() + milliseconds
  const before = process.cpuUsage()
  let calls = 0
  for (; performance.now() < until; calls++) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await measurePostgresRead({ rounds: 15, milliseconds: 300 })
  if (found) {
    for (const [name, times] of Object.entries(found.times))
      console.log(name, `${round(median(times))} µs of CPU, at best ${round(Math.min(...times))}`)
    for (const name of ['ratio', 'unnamed']) {
      const { median: middle, min, max } = found[name]
      console.log(`${name}: ${round(middle)} × by hand (${round(min)}–${round(max)})`)
    }
  }
}

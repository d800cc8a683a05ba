import { spread } from './statistics.mjs'
import { compareGrowth } from './types.mjs'
import { WHY } from './why.mjs'

/**
 * Over HTTP, in CPU of the server for one request: `[what, row, its part at least]`, where 0.98 says that the reference costs 0.98 of what
 * the row does.
 */
export const HTTP_TARGETS = [
  ['over HTTP, warm token ÷ a constant session behind one guard', 'Latchkey, warm token', 0.98],
  ['over HTTP, cold token ÷ AES-GCM by hand', 'Latchkey, a cold token every time', 0.95],
  ['over HTTP, row (SQLite) ÷ a prepared join by hand', 'Latchkey, database row (SQLite)', 0.93],
  ['over HTTP, row (PostgreSQL) ÷ a named prepared join by hand', 'Latchkey, database row (PostgreSQL)', 0.85],
  ['over HTTP, public procedure with our context ÷ without', 'Latchkey, a public procedure', 0.99],
  ['over HTTP, batch of 10 guarded calls ÷ behind a constant session', 'Latchkey, a batch of 10 guarded calls', 0.98],
]

/** What we set out to reach, and what this run says. */
export function compareTargets({
  resolve,
  http,
  storm,
  passwords,
  context,
  caller,
  rows,
  postgresRead,
  startup,
  size,
  ...found
}) {
  const times = new Map(resolve.map((row) => [row.name, row.times]))
  const ratio = (name, of) => spread(times.get(name).map((time, round) => time / times.get(of)[round]))
  const ours = { warm: 'Latchkey, warm token', cold: 'Latchkey, cold token', row: 'Latchkey, database row (SQLite)' }
  const byHand = { map: 'limit: a map', gcm: 'limit: AES-GCM by hand', join: 'limit: SHA-256 and a prepared join' }
  const getToken = '@auth/core getToken'
  const better = 'better-auth, row (SQLite)'
  const growth = rows.at(-1).time / rows[0].time
  return [
    atLeast('warm token, in process, against @auth/core getToken', 500, ratio(getToken, ours.warm)),
    atMost('warm token against the bare map', 2, ratio(ours.warm, byHand.map)),
    atLeast('cold token, in process, against @auth/core getToken', 25, ratio(getToken, ours.cold)),
    atMost("cold token against Node's AES-GCM with a cached key and JSON.parse", 1.5, ratio(ours.cold, byHand.gcm)),
    atLeast("database row (SQLite), in process, against better-auth's", 8, ratio(better, ours.row)),
    atMost('database row against one prepared join and a SHA-256', 2, ratio(ours.row, byHand.join)),
    ...(postgresRead
      ? [atMost('a row of PostgreSQL ÷ the same by hand with a named statement', 1.5, postgresRead.ratio)]
      : []),
    ...httpTargets(http.runs[0]).map(({ target }) => target),
    atMost('our context of a public request: bytes', 1_000, context.made),
    atMost('16 sign-ins in flight: p99 of a session read against idle', 3, spread(storm.ratios)),
    atMost(
      `${passwords[0].people} password sign-ins beside 200 reads a second: p99 of a read, ms`,
      50,
      passwords[0].reads,
    ),
    atMost('the same: p99 of the event loop’s delay, ms', 20, passwords[0].delay),
    atLeast('the same: sign-ins a second', 20, passwords[0].signIns),
    atMost('a role-guarded createCaller call ÷ one bare middleware', 1.15, caller),
    atMost(
      `${rows.at(-1).size.toLocaleString('en')} rows against ${rows[0].size.toLocaleString('en')}, p50`,
      1.3,
      growth,
    ),
    atMost('importing core and trpc: ms more than @trpc/server and jose', 15, startup.more),
    atMost('core and trpc with jose, gzipped: kB', 60, size.server / 1_000),
    ...(size.client ? [atMost('the client, gzipped: kB', 4, size.client / 1_000)] : []),
    ...typeTargets(found),
    ...growthTargets(found),
  ]
}

function typeTargets({ types }) {
  const newest = types.at(-1)
  const [small] = Object.keys(newest.apps.none)
  const share = (app) => newest.apps[app][small].instantiations / newest.apps.betterAuth[small].instantiations
  const added = types.map((compiler) => ({ version: compiler.version, ...compareGrowth(compiler, 'use') }))
  return [
    atMost('types of a small app against better-auth, with concat', 0.33, share('concat')),
    atMost('types of a small app against better-auth, with use', 0.33, share('use')),
    atMost('types of one more guarded procedure against a bare middleware', 1.1, added.at(-1).instantiations),
    ...added.map(({ version, procedures, seconds }) =>
      atMost(
        `${procedures} guarded procedures, TypeScript ${version}: added CPU against a bare middleware`,
        1.15,
        seconds,
      ),
    ),
  ]
}

/** Each costs no more because there are more of them, so that all cost no more than linearly more. */
function growthTargets({ revocations, connections }) {
  const grown = (name, lines, what, most = 1.3) => atMost(name, most, what(lines.at(-1)) / what(lines[0]))
  return [
    grown(
      'ending one session more, with the most that have ended against the fewest, p50',
      revocations,
      ({ add }) => add,
    ),
    grown('bytes for each ended session, the same', revocations, ({ each }) => each),
    ...connections.flatMap(({ kind, sizes }) => [
      grown(`bytes for each of the most ${kind} against the fewest`, sizes, ({ bytes }) => bytes),
      // A millisecond, of a few: another process on the machine shows.
      grown(`CPU to end one session, the most ${kind} open against the fewest`, sizes, ({ cpu }) => cpu, 2),
    ]),
  ]
}

/** Those of one Node, each with its row. */
export function httpTargets({ rows, resolution }) {
  return HTTP_TARGETS.flatMap(([what, name, least]) => {
    const row = rows.find((found) => found.name === name)
    if (!row) return []
    // Two processes of the same server differ by this much: no row is known better.
    const error = Math.max(resolution, row.ratio.error)
    return [{ row, target: atLeast(what, least, { median: row.ratio.median, error }) }]
  })
}

function atLeast(what, target, measured) {
  return judge({ what, sign: '≥', target, measured }, (value, error) => value + error >= target)
}

function atMost(what, target, measured) {
  return judge({ what, sign: '≤', target, measured }, (value, error) => value - error <= target)
}

/** A number that was counted is exact; of what was measured `measured` is a spread. */
function judge({ what, sign, target, measured }, isReached) {
  const [value, error] = typeof measured === 'number' ? [measured, 0] : [measured.median, measured.error]
  const verdict = isReached(value, 0) ? 'met' : isReached(value, error) ? 'within the resolution' : 'not met'
  return { what, target: `${sign} ${target}`, value, error, verdict, why: WHY[what] }
}

import { median } from './statistics.mjs'
import { compareGrowth } from './types.mjs'
import { WHY } from './why.mjs'

/** What we set out to reach, and what this run says: `[what, target, measured, met, why not]`. */
export function compareTargets({
  resolve,
  http,
  storm,
  passwords,
  caller,
  rows,
  postgresRead,
  startup,
  size,
  ...found
}) {
  const times = new Map(resolve.map((row) => [row.name, row.times]))
  const ratio = (name, of) => median(times.get(name).map((time, round) => time / times.get(of)[round]))
  const share = (name, of) => http.share(name, of).median
  const ours = { warm: 'Latchkey, warm token', cold: 'Latchkey, cold token', row: 'Latchkey, database row (SQLite)' }
  const byHand = { map: 'limit: a map', gcm: 'limit: AES-GCM by hand', join: 'limit: SHA-256 and a prepared join' }
  const getToken = '@auth/core getToken'
  const better = 'better-auth, row (SQLite)'
  const constant = 'a constant session behind one guard'
  const growth = rows.at(-1).time / rows[0].time
  return [
    atLeast('warm token, in process, against @auth/core getToken', 500, ratio(getToken, ours.warm)),
    atMost('warm token against the bare map', 2, ratio(ours.warm, byHand.map)),
    atLeast('cold token, in process, against @auth/core getToken', 25, ratio(getToken, ours.cold)),
    atMost("cold token against Node's AES-GCM with a cached key and JSON.parse", 1.5, ratio(ours.cold, byHand.gcm)),
    atLeast("database row (SQLite), in process, against better-auth's", 8, ratio(better, ours.row)),
    atMost('database row against one prepared join and a SHA-256', 2, ratio(ours.row, byHand.join)),
    ...(postgresRead
      ? [atMost('a row of PostgreSQL ÷ the same by hand with a named statement', 1.5, postgresRead.ratio.median)]
      : []),
    atLeast('over HTTP, warm token ÷ a constant session behind one guard', 0.97, share(ours.warm, constant)),
    atLeast(
      'over HTTP, cold token ÷ AES-GCM by hand',
      0.92,
      share('Latchkey, a cold token every time', 'a cold token by hand (AES-GCM)'),
    ),
    atLeast(
      'over HTTP, database row ÷ a prepared join by hand',
      0.85,
      share(ours.row, 'a prepared join by hand (SQLite)'),
    ),
    atLeast('over HTTP, warm token against @auth/core getToken', 2.8, share(ours.warm, getToken)),
    atLeast("over HTTP, our row against better-auth's", 3, share(ours.row, better)),
    atLeast('batch of 10 guarded calls ÷ the same behind a constant session', 0.97, http.batch.median),
    atMost('16 sign-ins in flight: p99 of a session read against idle', 3, median(storm.ratios)),
    atMost('64 password sign-ins beside 200 reads a second: p99 of a read, ms', 50, passwords[0].reads.median),
    atMost('the same: p99 of the event loop’s delay, ms', 20, passwords[0].delay.median),
    atLeast('the same: sign-ins a second', 20, passwords[0].signIns.median),
    atMost('a role-guarded createCaller call ÷ one bare middleware', 1.15, caller.median),
    atMost(
      `${rows.at(-1).size.toLocaleString('en')} rows against ${rows[0].size.toLocaleString('en')}, p50`,
      1.3,
      growth,
    ),
    atMost('importing core and trpc: ms more than @trpc/server and jose', 15, startup.more.median),
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
        seconds.median,
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

function atLeast(what, target, measured) {
  return [what, `≥ ${target}`, measured, measured >= target, WHY[what]]
}

function atMost(what, target, measured) {
  return [what, `≤ ${target}`, measured, measured <= target, WHY[what]]
}

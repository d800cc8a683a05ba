import { createBalancer } from '../callers/balancer.mjs'
import { openCallers } from '../callers/caller.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { sleep } from '../machines/processes.mjs'
import { countByKind, SHARED } from './faults.mjs'
import { findUnfaithful } from '../faults/rows.mjs'
import { findLost, openFollowers } from './soak/followers.mjs'
import { listKills } from './soak/kills.mjs'

/** Between two kills, on a desk and in a short run: milliseconds, at least and at most. */
const BETWEEN = { desk: [20_000, 120_000], short: [6_000, 14_000] }
/** After something was started again, until its absence no longer excuses a refusal. */
const RECOVERS_WITHIN = 3_000
/** Of the calls outside of the windows of kills. */
const AVAILABILITY = 0.9999

export const soak = {
  title: 'Mixed load on two instances, and the database, Redis or an instance is killed now and then',
  proves: ['G17'],
  run: async ({ isShort, random, soak: length }) => {
    const cluster = await startCluster({ instances: [SHARED, SHARED] })
    const balancer = createBalancer(cluster.instances)
    try {
      const callers = openCallers(balancer)
      for (const caller of callers) await caller.signIn()
      const followers = await openFollowers(cluster, balancer)
      const loops = callers.map((caller) => caller.run())
      const windows = await killNowAndThen(cluster, random, length, isShort ? BETWEEN.short : BETWEEN.desk)
      for (const caller of callers) caller.stop()
      await Promise.all(loops)
      const figures = measure(callers, windows, cluster)
      const unfaithful = await findUnfaithful(cluster.database, callers)
      return {
        tables: [toTable(length, windows, figures, followers.opened)],
        broken: [...findBroken(figures, windows), ...findLost(followers), ...unfaithful],
      }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

/** @returns when what was away: the windows of the kills */
async function killNowAndThen(cluster, random, length, [least, most]) {
  const over = performance.now() + length
  const windows = []
  const kills = listKills(cluster, random)
  for (;;) {
    const pause = least + random() * (most - least)
    if (performance.now() + pause + RECOVERS_WITHIN > over) break
    await sleep(pause)
    const { name, run } = kills.next().value
    const begun = performance.now()
    await run(500 + random() * 2_500)
    windows.push({ name, begun, ended: performance.now() + RECOVERS_WITHIN })
    console.log(`  ${name} killed, and started again after ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
  }
  await sleep(Math.max(0, over - performance.now()))
  return windows
}

function measure(callers, windows, { instances }) {
  const calls = callers.flatMap((caller) => caller.calls)
  const isExcused = ({ begun, ended }) => windows.some((window) => ended >= window.begun && begun <= window.ended)
  const failures = calls.filter(({ status }) => status !== 200)
  const outside = calls.filter((call) => !isExcused(call))
  const failedOutside = outside.filter(({ status }) => status !== 200)
  return {
    calls: calls.length,
    failures,
    failedOutside,
    availability: outside.length > 0 ? 1 - failedOutside.length / outside.length : 0,
    wrongUser: calls.filter(({ isWrongUser }) => isWrongUser).length,
    signedOut: calls.filter(({ isSignedOut }) => isSignedOut).length,
    exits: instances.reduce((sum, { exits }) => sum + exits, 0),
  }
}

function findBroken({ availability, wrongUser, signedOut, exits, failures, failedOutside }, windows) {
  const promises = [
    [windows.length > 0, 'something is killed'],
    [wrongUser === 0, 'nobody gets what is somebody else’s'],
    [signedOut === 0, 'nobody is signed out'],
    [exits === 0, 'no instance exits by itself'],
    [availability >= AVAILABILITY, `outside of the windows 99.99 % are served (failed: ${countByKind(failedOutside)})`],
    [
      failures.every(isExpected),
      'what fails is 503 AdapterError with retryAfter, or was under way in an instance that was killed',
    ],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => text)
}

const isExpected = ({ status, kind, retryAfter }) =>
  status === 0 ? kind !== 'ABORT_ERR' : status === 503 && kind === 'AdapterError' && retryAfter >= 1

function toTable(length, windows, figures, followed) {
  const count = (what) => windows.filter(({ name }) => name.startsWith(what)).length
  return {
    head: [
      'for',
      'kills: database',
      'Redis',
      'instances',
      'calls',
      'refused in windows',
      'availability outside',
      'signed out',
      'wrong user',
      'streams opened again',
      'exits',
    ],
    lines: [
      [
        `${length / 1_000} s`,
        count('PostgreSQL'),
        count('Redis'),
        count('instance'),
        figures.calls,
        countByKind(figures.failures.filter((failure) => !figures.failedOutside.includes(failure))),
        `${(figures.availability * 100).toFixed(3)} %`,
        figures.signedOut,
        figures.wrongUser,
        followed,
        figures.exits,
      ],
    ],
  }
}

import { createBalancer } from '../callers/balancer.mjs'
import { openLoad } from '../callers/load.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { sleep } from '../machines/processes.mjs'
import { duration } from '../report.mjs'
import { isUnavailable } from '../faults/play.mjs'
import { countByKind, SHARED } from './faults.mjs'

/** Milliseconds in which an instance that was asked to stop must have exited. */
const STOPS_WITHIN = 10_000
const REFRESHERS = 20

export const shutdown = {
  title: 'An instance is stopped (SIGTERM) or killed (SIGKILL) under 100 requests a second, and started again',
  proves: ['X12', 'G14'],
  run: async ({ isShort, random }) => {
    const cluster = await startCluster({ instances: [SHARED, SHARED] })
    const balancer = createBalancer(cluster.instances)
    try {
      const rows = []
      for (const [signal, repeats] of [
        ['SIGTERM', isShort ? 2 : 20],
        ['SIGKILL', isShort ? 1 : 5],
      ]) {
        rows.push(await repeat(signal, repeats, { cluster, balancer, random }))
      }
      return { tables: [toTable(rows)], broken: rows.flatMap(findBroken) }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

/** One instance after the other. */
async function repeat(signal, repeats, { cluster, balancer, random }) {
  console.log(`  ${signal} …`)
  const load = openLoad(balancer, { perSecond: 100, refreshers: REFRESHERS, prefix: `${signal}-` })
  await load.begin()
  const ends = []
  for (let i = 0; i < repeats; i++) {
    const instance = cluster.instances[i % cluster.instances.length]
    await sleep(500 + random() * 500)
    ends.push(await instance.end(signal))
    await sleep(500)
    await instance.start()
  }
  await sleep(500)
  await load.end()
  return { signal, repeats, ends, ...load.count() }
}

function findBroken({ signal, ends, failures, cut, familiesLost, signedOut, wrongUser, calls }) {
  const promises = [
    [calls > 0, 'there is load'],
    // A machine that is busy with other work may be too slow for the store's time limit: a client tries again.
    [failures.every((failure) => failure.status === 0 || isUnavailable(failure)), 'no response is an error'],
    [familiesLost === 0, 'no refresh token is lost'],
    [signedOut === 0, 'nobody is signed out'],
    [wrongUser === 0, 'nobody gets what is somebody else’s'],
    // Who is killed can't complete what is under way.
    [signal === 'SIGKILL' || cut === 0, 'nothing that is under way is cut off'],
    [
      signal === 'SIGKILL' || ends.every(({ code, after }) => code === 0 && after <= STOPS_WITHIN),
      'it exits within 10 s',
    ],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => `${signal}: ${text}`)
}

function toTable(rows) {
  return {
    head: [
      'signal',
      'times',
      'calls',
      'error responses',
      'cut off',
      'signed out',
      'refresh families lost',
      'exits after, at most',
    ],
    lines: rows.map(({ signal, repeats, calls, failures, cut, signedOut, familiesLost, ends }) => [
      signal,
      repeats,
      calls,
      countByKind(failures.filter(({ status }) => status > 0)),
      cut,
      signedOut,
      familiesLost,
      duration(Math.max(...ends.map(({ after }) => after))),
    ]),
  }
}

import { createBalancer } from '../callers/balancer.mjs'
import { openCallers } from '../callers/caller.mjs'
import { databaseFaults } from '../faults/database.mjs'
import { networkFaults } from '../faults/network.mjs'
import { findBroken, play } from '../faults/play.mjs'
import { redisFaults } from '../faults/redis.mjs'
import { findUnfaithful } from '../faults/rows.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { duration, seconds } from '../report.mjs'

export const SHARED = { bus: 'redis', counter: 'redis', isCached: true }
const NOTHING = { name: 'nothing', seconds: 2, begin: () => () => {} }

export const database = part('The database fails', databaseFaults)
export const redis = part('Redis fails', redisFaults)
export const network = part('One instance is cut off', networkFaults, { isProxied: true })
export const clocks = part('Clocks that differ', skewed, {
  instances: [
    { ...SHARED, skew: -60_000 },
    { ...SHARED, skew: 60_000 },
  ],
})

/** Nothing else happens. */
function skewed(_, isShort) {
  return [{ ...NOTHING, name: 'instance 1 is 60 s behind, instance 2 60 s ahead', seconds: isShort ? 3 : 10 }]
}

/** One cluster and twenty callers, to whom one thing after another happens. */
function part(title, listFaults, cluster = {}) {
  return { title, run: (options) => run(listFaults, cluster, options) }
}

async function run(listFaults, settings, { isShort }) {
  const cluster = await startCluster({ instances: [SHARED, SHARED], ...settings })
  const balancer = createBalancer(cluster.instances)
  try {
    const callers = openCallers(balancer)
    for (const caller of callers) await caller.signIn()
    const loops = callers.map((caller) => caller.run())
    const rows = []
    const scenarios = listFaults(cluster, isShort)
    if (listFaults !== skewed) scenarios.unshift(NOTHING)
    for (const [number, scenario] of scenarios.entries())
      rows.push(await play(scenario, { callers, balancer, number, instances: cluster.instances }))
    for (const caller of callers) caller.stop()
    await Promise.all(loops)
    const broken = [...rows.flatMap(findBroken), ...(await findUnfaithful(cluster.database, callers))]
    return { broken, tables: [toTable(rows)] }
  } finally {
    balancer.close()
    await cluster.drop()
  }
}

function toTable(rows) {
  const head = ['What happens', 'for', 'calls', 'answered 200', 'refused', 'exits', 'signed out', 'wrong user']
  return {
    head: [
      ...head,
      'families lost',
      'guesses checked',
      'sign-ins p99',
      'slowest call',
      'first served after',
      'all served after',
    ],
    lines: rows.map((row) => [
      row.scenario.name,
      `${row.scenario.seconds} s`,
      row.calls,
      row.calls - row.failures.length,
      countByKind(row.failures),
      row.exits,
      row.signedOut,
      row.wrongUser,
      row.familiesLost,
      row.guesses.allowed,
      row.signInP99 === undefined ? '–' : duration(row.signInP99),
      seconds(row.slowest),
      seconds(row.firstServed),
      seconds(row.allServed),
    ]),
  }
}

export function countByKind(failures) {
  const counts = new Map()
  for (const { status, kind } of failures) {
    const name = `${status} ${kind ?? ''}`.trim()
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ') || 'none'
}

import { createBalancer } from '../callers/balancer.mjs'
import { openCallers } from '../callers/caller.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { sleep } from '../machines/processes.mjs'
import { countByKind } from './faults.mjs'
import { findUnfaithful } from '../faults/rows.mjs'
import { buildRelease } from './release/build.mjs'
import { measureEnd } from './latency/trial.mjs'
import { duration } from '../report.mjs'

/** The last release: what runs in production while the next one is rolled out. */
const LAST = 'ed7608b'
/** What both releases can use: the bus that the documentation of the last one showed. */
const SETTINGS = { bus: 'docs', counter: 'table' }
const FOR = 1_500

export const release = {
  /** It installs and builds the last release: not part of a short run. The tests of `@latchkey/kysely` run both releases too. */
  isLong: true,
  title: `A rolling release: ${LAST} and this code on one database and one bus`,
  run: async () => {
    const old = buildRelease(LAST)
    if (!old) return { notes: [`SKIPPED: the history has no ${LAST} (a shallow clone?)`], broken: [] }
    try {
      return await roll(old.program)
    } finally {
      old.remove()
    }
  },
}

/** Both old; then one is replaced, then the other, and one is rolled back. */
async function roll(program) {
  const oldSettings = { ...SETTINGS, program }
  const cluster = await startCluster({ instances: [oldSettings, oldSettings], withRedis: false })
  const balancer = createBalancer(cluster.instances)
  const [first, second] = cluster.instances
  try {
    const callers = openCallers(balancer)
    for (const caller of callers) await caller.signIn()
    const loops = callers.map((caller) => caller.run())
    const rows = []
    const step = async (name, change) => {
      console.log(`  ${name} …`)
      const begun = performance.now()
      await change()
      await sleep(FOR)
      rows.push({ name, ...measure(callers, begun), ends: await endAcross(cluster, balancer, rows.length) })
    }
    await step('both old', () => {})
    await step('one new', () => replace(first, SETTINGS))
    await step('both new', () => replace(second, SETTINGS))
    await step('one rolled back', () => replace(first, oldSettings))
    for (const caller of callers) caller.stop()
    await Promise.all(loops)
    return {
      tables: [toTable(rows)],
      broken: [...rows.flatMap(findBroken), ...(await findUnfaithful(cluster.database, callers))],
    }
  } finally {
    balancer.close()
    await cluster.drop()
  }
}

async function replace(instance, settings) {
  const reached = { database: instance.settings.database }
  await instance.end('SIGTERM')
  await instance.start({ ...reached, ...settings })
}

/** @returns the longest time until an end in the one release was known in the other */
async function endAcross(cluster, balancer, number) {
  const { refused } = await measureEnd({ cluster, balancer, strategy: 'jwt', name: `leaver-${number}`, bound: 10_000 })
  return Math.max(...Object.values(refused))
}

function measure(callers, begun) {
  const calls = callers.flatMap((caller) => caller.calls.filter(({ ended }) => ended >= begun))
  return {
    calls: calls.length,
    failures: calls.filter(({ status }) => status !== 200),
    signedOut: calls.filter(({ isSignedOut }) => isSignedOut).length,
    wrongUser: calls.filter(({ isWrongUser }) => isWrongUser).length,
  }
}

function findBroken({ name, failures, signedOut, wrongUser, ends }) {
  const promises = [
    [failures.length === 0, `nobody notices it (${countByKind(failures)})`],
    [signedOut === 0, 'nobody is signed out'],
    [wrongUser === 0, 'nobody gets what is somebody else’s'],
    [Number.isFinite(ends), 'an end in the one is known in the other'],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => `${name}: ${text}`)
}

function toTable(rows) {
  return {
    head: ['instances', 'calls', 'refused', 'signed out', 'wrong user', 'an end is known at the other after'],
    lines: rows.map(({ name, calls, failures, signedOut, wrongUser, ends }) => [
      name,
      calls,
      countByKind(failures),
      signedOut,
      wrongUser,
      duration(ends),
    ]),
  }
}

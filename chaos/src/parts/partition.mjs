import { createBalancer } from '../callers/balancer.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { sleep } from '../machines/processes.mjs'
import { toRow } from './latency.mjs'
import { KINDS, measureEnd } from './latency/trial.mjs'

/** How long an instance that ends sessions is cut off. */
const CUT = 2_000
/** Whatever is asked is refused within it, also on a machine that is busy with other work. */
const BOUND = 15_000

/** What is cut, and what happens around an end. */
const CUTS = [
  {
    name: 'instance 2, which is asked',
    trials: { desk: 50, short: 5 },
    begin: ([, asked]) => asked.redis.cut(),
    around: () => (end) => end(),
  },
  {
    name: `instance 1, which ends it, for ${CUT / 1_000} s`,
    trials: { desk: 20, short: 2 },
    begin: () => {},
    around:
      ([ending]) =>
      async (end) => {
        ending.redis.cut()
        await end()
        setTimeout(() => ending.redis.mend(), CUT)
      },
    // Until it is connected again.
    pause: 1_000,
  },
]

export const partition = {
  title: 'A session ends at instance 1, and one of the two is cut off from Redis',
  run: async ({ isShort }) => {
    const rows = []
    for (const cut of CUTS) rows.push(await measure(cut, isShort ? cut.trials.short : cut.trials.desk))
    const head = ['cut off is', 'trials', ...KINDS]
    const lines = rows.map(({ name, trials, cells }) => [name, trials, ...KINDS.map((kind) => cells[kind])])
    return {
      tables: [{ head, lines }],
      notes: ['jwt strategy; p50 / p100'],
      broken: rows.flatMap(({ broken }) => broken),
    }
  },
}

async function measure({ name, begin, around, pause = 0 }, trials) {
  console.log(`  ${name} …`)
  const settings = { bus: 'redis', revalidateAge: '5m', updateAge: '1d' }
  const cluster = await startCluster({ instances: [settings, settings], isProxied: true })
  const balancer = createBalancer(cluster.instances)
  try {
    begin(cluster.networks)
    const seen = []
    for (let trial = 0; trial < trials; trial++) {
      const asked = { cluster, balancer, strategy: 'jwt', name: `person-${trial}`, bound: BOUND, ticketPause: 150 }
      seen.push(await measureEnd({ ...asked, around: around(cluster.networks) }))
      await sleep(pause)
    }
    return { name, trials, ...toRow({ name, bound: BOUND }, 'jwt', seen) }
  } finally {
    balancer.close()
    await cluster.drop()
  }
}

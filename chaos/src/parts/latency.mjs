import { createBalancer } from '../callers/balancer.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { eachOf } from '../machines/processes.mjs'
import { duration, percentile } from '../report.mjs'
import { KINDS, READ_EACH_TIME, measureEnd } from './latency/trial.mjs'

/**
 * The bus; how many trials are made at once where most of a trial is waiting; and the most milliseconds until an end is known elsewhere
 * that even a machine which is busy with other work keeps.
 */
const BUSES = [
  { name: 'Redis', bus: 'redis', counter: 'redis', bound: 5_000 },
  { name: 'LISTEN/NOTIFY', bus: 'postgres', bound: 5_000 },
  { name: 'polling, every 500 ms', bus: 'polling', bound: 10_000, ticketPause: 60, lanes: 4 },
]

export const latency = {
  title: 'A session ends at instance 1, and is refused at instance 2',
  proves: ['X08', 'G5'],
  run: async ({ isShort }) => {
    const trials = isShort ? 20 : 200
    const lines = []
    const broken = []
    for (const bus of BUSES) {
      for (const row of await measureBus(bus, trials)) {
        lines.push([bus.name, row.strategy, ...KINDS.map((kind) => row.cells[kind]), row.late])
        broken.push(...row.broken)
      }
    }
    const head = ['bus', 'strategy', ...KINDS, 'accepted afterwards']
    return { tables: [{ head, lines }], notes: [`p50 / p100 of ${trials} trials each`], broken }
  },
}

async function measureBus(bus, trials) {
  // An age that no trial reaches: what refuses is the bus. Every trial signs in twice from one address, which is no attack.
  const settings = { bus: bus.bus, counter: bus.counter, revalidateAge: '5m', updateAge: '1d' }
  const cluster = await startCluster({ instances: [settings, settings], withRedis: bus.bus === 'redis' })
  const balancer = createBalancer(cluster.instances)
  try {
    const rows = []
    for (const strategy of ['jwt', 'database']) {
      console.log(`  ${bus.name}, ${strategy} …`)
      const seen = await eachOf(Array.from({ length: trials }), bus.lanes ?? 1, (_, trial) =>
        measureEnd({ ...bus, cluster, balancer, strategy, name: `${strategy}-${trial}` }),
      )
      rows.push(toRow(bus, strategy, seen))
    }
    return rows
  } finally {
    balancer.close()
    await cluster.drop()
  }
}

/** The figures of many trials with one bus. */
export function toRow({ name, bound }, strategy, seen) {
  const cells = Object.fromEntries(
    KINDS.map((kind) => {
      const times = seen.map(({ refused }) => refused[kind])
      return [kind, `${duration(percentile(times, 0.5))} / ${duration(percentile(times, 1))}`]
    }),
  )
  const never = KINDS.filter((kind) => seen.some(({ refused }) => !(refused[kind] < bound)))
  const late = seen
    .flatMap(({ late }) => READ_EACH_TIME.map((kind) => late[kind]))
    .reduce((sum, count) => sum + count, 0)
  const broken = never.map((kind) => `${name}, ${strategy}: ${kind} is refused within ${bound / 1_000} s`)
  // The row is read with every request: what begins after the end is refused, whatever the bus does.
  if (strategy === 'database' && late > 0) broken.push(`${name}, database: the next request is refused`)
  return { strategy, cells, late, broken }
}

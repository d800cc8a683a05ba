import { createBalancer } from '../callers/balancer.mjs'
import { createPerson } from '../callers/person.mjs'
import { served } from '../callers/served.mjs'
import { callSteadily } from '../callers/steadily.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { duration, percentile } from '../report.mjs'
import { countByKind } from './faults.mjs'

const READS_PER_SECOND = 100
const SETTINGS = { revalidateAge: '5m', updateAge: '1d' }

export const stateless = {
  title: 'The database is killed, and people read with jwt cookies and access tokens that need no row yet',
  proves: ['X03', 'G4'],
  run: async ({ isShort }) => {
    const cluster = await startCluster({ instances: [SETTINGS, SETTINGS] })
    const balancer = createBalancer(cluster.instances)
    try {
      const rows = await measure(cluster, balancer, isShort ? 3_000 : 10_000)
      const isBroken = rows.some(({ calls }) => calls.some(({ status, isWrongUser }) => status !== 200 || isWrongUser))
      return { tables: [toTable(rows)], broken: isBroken ? ['who needs no row goes on without the database'] : [] }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

async function measure({ database }, balancer, length) {
  const browser = createPerson({ balancer, strategy: 'jwt', name: 'browser' })
  const device = createPerson({ balancer, strategy: 'jwt', name: 'device' })
  await served(() => browser.signIn())
  const { body } = await served(() => device.signIn('token'))
  await database.kill()
  try {
    return await Promise.all([
      read('a jwt cookie', length, () => browser.me()),
      read('an access token', length, () => device.meByToken(body.accessToken)),
    ])
  } finally {
    await database.restart()
  }
}

async function read(name, length, call) {
  return { name, length, calls: await callSteadily(READS_PER_SECOND, performance.now() + length, call) }
}

function toTable(rows) {
  return {
    head: ['read with', 'for', 'calls', 'answered 200', 'refused', 'p50', 'p99'],
    lines: rows.map(({ name, length, calls }) => {
      const times = calls.map(({ begun, ended }) => ended - begun)
      const failures = calls.filter(({ status }) => status !== 200)
      return [
        name,
        `${length / 1_000} s`,
        calls.length,
        calls.length - failures.length,
        countByKind(failures),
        duration(percentile(times, 0.5)),
        duration(percentile(times, 0.99)),
      ]
    }),
  }
}

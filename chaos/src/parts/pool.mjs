import { createBalancer, HANGS } from '../callers/balancer.mjs'
import { createPerson } from '../callers/person.mjs'
import { served } from '../callers/served.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { eachOf } from '../machines/processes.mjs'
import { duration, percentile } from '../report.mjs'
import { countByKind } from './faults.mjs'

const POOL = 2
const AT_ONCE = 200

export const pool = {
  title: `${AT_ONCE} calls at once, and a pool of ${POOL} connections`,
  proves: ['X06'],
  run: async ({ isShort }) => {
    // Without a broker: everything waits for the same two connections, the counters too.
    const settings = { pool: POOL, counter: 'table' }
    const cluster = await startCluster({ instances: [settings, settings], withRedis: false })
    const balancer = createBalancer(cluster.instances)
    try {
      const people = Array.from({ length: AT_ONCE }, (_, i) =>
        createPerson({
          balancer,
          strategy: i % 2 ? 'jwt' : 'database',
          name: `person-${i}`,
          // As many sign-ins from one address would be an attack.
          localAddress: `127.0.1.${i + 1}`,
        }),
      )
      const rows = []
      for (const [name, act] of ACTS) {
        rows.push(await measure(name, act, people, isShort ? 1 : 5))
        // Who was refused for want of a connection tries again, so that the next act is everybody's.
        if (act !== read) await eachOf(people, POOL, (person) => served(() => act(person)))
      }
      return { tables: [toTable(rows)], broken: rows.flatMap(findBroken) }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

const read = (person) => person.me()

const ACTS = [
  ['sign in', keepTokens((person) => person.signIn('token'))],
  ['refresh', keepTokens((person) => person.refresh())],
  ['sign in for a cookie', (person) => person.signIn()],
  ['read', read],
]

function keepTokens(act) {
  return async (person) => {
    const answer = await act(person)
    if (answer.status === 200) person.refreshToken = answer.body.refreshToken
    return answer
  }
}

async function measure(name, act, people, rounds) {
  const answers = []
  for (let round = 0; round < rounds; round++) answers.push(...(await Promise.all(people.map(act))))
  return { name, answers, times: answers.map(({ begun, ended }) => ended - begun) }
}

/** A store that is slower than its time limit refuses: that is no deadlock. A deadlock answers nobody. */
function findBroken({ name, answers, times }) {
  const promises = [
    [
      answers.every(({ status, kind }) => status === 200 || (status === 503 && kind === 'AdapterError')),
      'nothing but 200 and 503 AdapterError',
    ],
    [answers.some(({ status }) => status === 200), 'somebody is served'],
    [Math.max(...times) < HANGS, `no call takes ${HANGS / 1_000} s`],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => `${name}: ${text}`)
}

function toTable(rows) {
  return {
    head: ['what they do', 'calls', 'answered 200', 'refused', 'p50', 'p99', 'slowest'],
    lines: rows.map(({ name, answers, times }) => [
      name,
      answers.length,
      answers.filter(({ status }) => status === 200).length,
      countByKind(answers.filter(({ status }) => status !== 200)),
      duration(percentile(times, 0.5)),
      duration(percentile(times, 0.99)),
      duration(Math.max(...times)),
    ]),
  }
}

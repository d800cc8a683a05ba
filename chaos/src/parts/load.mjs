import { createBalancer } from '../callers/balancer.mjs'
import { createPerson } from '../callers/person.mjs'
import { served } from '../callers/served.mjs'
import { callSteadily } from '../callers/steadily.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { eachOf, sleep } from '../machines/processes.mjs'
import { duration, percentile } from '../report.mjs'
import { countByKind } from './faults.mjs'

const SIGN_INS = 64
const PEOPLE = 16
const READS_PER_SECOND = 200
/** Milliseconds in which the callers open their connections: what they wait for then isn't the instance's doing. */
const WARM_UP = 1_000
const PASSWORD = 'a lantern over the water'

export const load = {
  title: `${SIGN_INS} sign-ins with a password at a time, and ${READS_PER_SECOND} other calls a second, at one instance`,
  proves: ['X09'],
  run: async ({ isShort }) => {
    const cluster = await startCluster({
      instances: [{ hasPasswords: true, revalidateAge: '5m', updateAge: '1d' }],
      withRedis: false,
    })
    const balancer = createBalancer(cluster.instances)
    try {
      const figures = await measure(cluster, balancer, isShort ? 4_000 : 20_000)
      return { tables: [toTable(figures)], broken: findBroken(figures) }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

async function measure({ instances: [instance] }, balancer, length) {
  const people = Array.from({ length: PEOPLE }, (_, i) => `person-${i}@example.com`)
  await eachOf(people, 2, (email) =>
    served(() => send(balancer, '/trpc/auth.password.signUp', { email, password: PASSWORD })),
  )
  const reader = createPerson({ balancer, strategy: 'jwt', name: 'reader' })
  await served(() => reader.signIn())
  const before = await instance.stats()
  const over = performance.now() + WARM_UP + length
  const lanes = Array.from({ length: SIGN_INS }, (_, i) => signInUntil(over, balancer, people[i % PEOPLE]))
  await sleep(WARM_UP)
  const begun = performance.now()
  await instance.stats() // begins to measure the event loop anew
  const reads = await callSteadily(READS_PER_SECOND, over, () => reader.me())
  const signIns = (await Promise.all(lanes)).flat().filter((answer) => answer.ended >= begun)
  const { p99, max, rss } = await instance.stats()
  return { signIns, reads, length, loop: { p99, max }, grown: rss - before.rss }
}

const send = (balancer, path, body) =>
  createPerson({ balancer, strategy: 'jwt', name: body.email }).send(path, { body })

async function signInUntil(over, balancer, email) {
  const answers = []
  while (performance.now() < over)
    answers.push(await send(balancer, '/auth/signin/password', { email, password: PASSWORD }))
  return answers
}

function findBroken({ signIns, reads }) {
  const promises = [
    [signIns.some(({ status }) => status === 200), 'people sign in'],
    [signIns.every(({ status }) => status === 200 || status === 429), 'a sign-in succeeds or is told to come back'],
    [reads.every(({ status, isWrongUser }) => status === 200 && !isWrongUser), 'nobody else is refused'],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => text)
}

function toTable({ signIns, reads, length, loop, grown }) {
  const times = reads.map(({ begun, ended }) => ended - begun)
  const good = signIns.filter(({ status }) => status === 200)
  return {
    head: [
      'sign-ins a second',
      'refused',
      'other calls',
      'p50',
      'p99',
      'event loop p99',
      'event loop at most',
      'memory grew by',
    ],
    lines: [
      [
        (good.length / (length / 1_000)).toFixed(0),
        countByKind(signIns.filter(({ status }) => status !== 200)),
        reads.length,
        duration(percentile(times, 0.5)),
        duration(percentile(times, 0.99)),
        duration(loop.p99),
        duration(loop.max),
        `${Math.round(grown / 2 ** 20)} MiB`,
      ],
    ],
  }
}

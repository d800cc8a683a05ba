import { createBalancer } from '../callers/balancer.mjs'
import { createPerson } from '../callers/person.mjs'
import { served } from '../callers/served.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { duration, percentile } from '../report.mjs'
import { isUnavailable } from '../faults/play.mjs'
import { countByKind, SHARED } from './faults.mjs'

const PER_INSTANCE = 50
/** How far the clock of both instances is moved so that the replaced token's window (30 s) is over. */
const LATER = 31_000

export const race = {
  title: `One refresh token, ${PER_INSTANCE} times at once at each of two instances`,
  proves: ['R01', 'G6'],
  run: async ({ isShort }) => {
    const rounds = isShort ? 10 : 200
    const cluster = await startCluster({ instances: [SHARED, SHARED] })
    const balancer = createBalancer(cluster.instances)
    try {
      const played = []
      for (let round = 0; round < rounds; round++) played.push(await playRound(cluster, balancer, round))
      const replays = await replay(cluster, balancer, played)
      const broken = findBroken(played, replays)
      return { tables: [toTable(played, replays)], broken }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

async function playRound({ instances, database }, balancer, round) {
  const name = `person-${round}`
  const person = createPerson({ balancer, strategy: round % 2 ? 'jwt' : 'database', name })
  person.refreshToken = (await served(() => person.signIn('token'))).body.refreshToken
  const first = person.refreshToken
  const begun = performance.now()
  const answers = await Promise.all(
    instances.flatMap((to) => Array.from({ length: PER_INSTANCE }, () => person.refresh({ to }))),
  )
  const took = performance.now() - begun
  const [row] = await database.query('select generation from sessions where user_id = $1', [name])
  // One rotates, and another is one step behind: both go on.
  const goOn = []
  const good = answers.filter(({ status }) => status === 200)
  for (const answer of [good[3], good.at(-4)]) {
    person.refreshToken = answer.body.refreshToken
    goOn.push(await served(() => person.refresh()))
  }
  person.refreshToken = goOn.at(-1).body.refreshToken
  return {
    name,
    person,
    first,
    took,
    refused: [...answers, ...goOn].filter(({ status }) => status !== 200),
    lineages: row.generation,
  }
}

/** A while later somebody brings the first token again: whoever holds the family is signed out. */
async function replay({ instances }, balancer, played) {
  for (const instance of instances) {
    await instance.end('SIGTERM')
    await instance.start({ ...instance.settings, skew: LATER })
  }
  let killed = 0
  const times = []
  for (const { person, first } of played) {
    const holder = person.refreshToken
    person.refreshToken = first
    const replayed = await person.refresh({ to: instances[0] })
    const begun = performance.now()
    person.refreshToken = holder
    const after = await person.refresh({ to: instances[1] })
    times.push(performance.now() - begun)
    if (replayed.kind === 'TokenReuse' && after.status === 401) killed++
  }
  return { killed, times }
}

function findBroken(played, { killed }) {
  const promises = [
    [played.every(({ refused }) => refused.every(isUnavailable)), 'nobody is refused within the reuse window'],
    [played.every(({ lineages }) => lineages === 1), 'one lineage goes on'],
    [killed === played.length, 'a replay afterwards ends the family'],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => text)
}

function toTable(played, { killed, times }) {
  return {
    head: [
      'rounds',
      'refreshes',
      'refused',
      'rounds with one lineage',
      'a round takes (p50)',
      'families ended by a replay',
      'refused after it, at most',
    ],
    lines: [
      [
        played.length,
        played.length * 2 * PER_INSTANCE,
        countByKind(played.flatMap(({ refused }) => refused)),
        played.filter(({ lineages }) => lineages === 1).length,
        duration(
          percentile(
            played.map(({ took }) => took),
            0.5,
          ),
        ),
        killed,
        duration(Math.max(...times)),
      ],
    ],
  }
}

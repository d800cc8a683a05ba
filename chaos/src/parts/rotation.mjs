import { createBalancer } from '../callers/balancer.mjs'
import { createPerson } from '../callers/person.mjs'
import { served } from '../callers/served.mjs'
import { startCluster } from '../machines/cluster.mjs'
import { eachOf } from '../machines/processes.mjs'
import { SHARED } from './faults.mjs'

const SESSIONS = 1_000
const AT_ONCE = 8
const OLD = 'the old secret, which is long enough for this'
const NEW = 'the new secret, which is long enough for this'

/** What each instance is started with, one after the other: the new secret is known everywhere before anything is sealed with it. */
const STEPS = [
  { name: 'both have the old secret', secrets: [OLD], isGood: true },
  { name: 'the new one is second', secrets: [OLD, NEW], isGood: true },
  { name: 'the new one is first', secrets: [NEW, OLD], isGood: true },
  { name: 'the old one is removed', secrets: [NEW], isGood: false },
]

export const rotation = {
  title: `The secret is changed while ${SESSIONS.toLocaleString('en')} sessions are in use`,
  proves: ['X07', 'G7'],
  run: async () => {
    // Cookies are renewed only after a day, so that each is still the one that the old secret sealed.
    const settings = { ...SHARED, revalidateAge: '1h', updateAge: '1d' }
    const cluster = await startCluster({
      instances: [1, 2].map(() => ({ ...settings, secrets: STEPS[0].secrets })),
    })
    const balancer = createBalancer(cluster.instances)
    try {
      const people = await signInAll(balancer)
      const rows = []
      for (const step of STEPS) rows.push({ step, ...(await changeTo(step, cluster, people)) })
      return { tables: [toTable(rows)], broken: rows.flatMap(findBroken) }
    } finally {
      balancer.close()
      await cluster.drop()
    }
  },
}

/** Half of them keep a cookie, and half an access token. */
async function signInAll(balancer) {
  const people = Array.from({ length: SESSIONS }, (_, i) =>
    createPerson({ balancer, strategy: 'jwt', name: `person-${i}` }),
  )
  await eachOf(people, AT_ONCE, async (person, i) => {
    const { body } = await served(() => person.signIn(i % 2 ? 'cookie' : 'token'))
    person.accessToken = body.accessToken
  })
  return people
}

/** Everybody uses their session once before, while and after each instance is stopped and started with other secrets. */
async function changeTo({ name, secrets, isGood }, { instances }, people) {
  console.log(`  ${name} …`)
  const counts = { calls: 0, good: 0, lost: 0 }
  const changed = new AbortController()
  const use = async (person) => {
    const answer = person.accessToken ? await person.meByToken(person.accessToken) : await person.me()
    counts.calls++
    if (answer.status === 200 && !answer.isWrongUser) counts.good++
    else if (answer.status !== 0 || isGood) counts.lost++
  }
  const change = async () => {
    for (const instance of instances) {
      await instance.end('SIGTERM')
      await instance.start({ ...instance.settings, secrets })
    }
    changed.abort()
  }
  const changing = change()
  if (isGood) while (!changed.signal.aborted) await eachOf(people.slice(0, 100), AT_ONCE, use)
  await changing
  await eachOf(people, AT_ONCE, use)
  return counts
}

function findBroken({ step, good, lost, calls }) {
  const holds = step.isGood ? lost === 0 && good === calls : good === 0 && calls === SESSIONS
  return holds
    ? []
    : [`${step.name}: ${step.isGood ? `${lost} of ${calls} are refused` : `${good} of ${calls} are accepted`}`]
}

function toTable(rows) {
  return {
    head: ['step', 'calls', 'accepted', 'refused'],
    lines: rows.map(({ step, calls, good, lost }) => [step.name, calls, good, lost]),
  }
}

import { sleep } from '../machines/processes.mjs'
import { createPerson } from './person.mjs'
import { served } from './served.mjs'

/** How many requests may be under way. */
const MOST = 50

/**
 * So many requests a second, however quick the responses are (on a machine that is too busy for it, fewer): people who refresh their tokens in turn, and look at a page with the new
 * access token or a cookie. Both strategies.
 */
export function openLoad(balancer, { perSecond, refreshers, prefix = '' }) {
  const people = Array.from({ length: refreshers }, (_, i) =>
    createPerson({ balancer, strategy: i % 2 ? 'jwt' : 'database', name: `${prefix}${i}` }),
  )
  const answers = []
  const underWay = new Set()
  const over = new AbortController()
  let loop
  const act = (person) => {
    const call = (async () => {
      answers.push({ ...(await (person.isBusy ? person.me() : refresh(person))), body: null })
      underWay.delete(call)
    })()
    underWay.add(call)
  }
  return {
    begin: async () => {
      for (const person of people) {
        await served(() => person.signIn())
        person.refreshToken = (await served(() => person.signIn('token'))).body.refreshToken
      }
      loop = (async () => {
        const begun = performance.now()
        for (let sent = 0; !over.signal.aborted; sent++) {
          if (underWay.size < MOST) act(people[sent % people.length])
          await sleep(begun + ((sent + 1) * 1_000) / perSecond - performance.now())
        }
      })()
    },
    end: async () => {
      over.abort()
      await loop
      await Promise.all(underWay)
    },
    count: () => ({
      calls: answers.length,
      failures: answers.filter(({ status }) => status !== 200),
      /** Requests without a response. */
      cut: answers.filter(({ status }) => status === 0).length,
      familiesLost: answers.filter(({ status, path }) => status === 401 && path === '/auth/token').length,
      signedOut: answers.filter(({ isSignedOut }) => isSignedOut).length,
      wrongUser: answers.filter(({ isWrongUser }) => isWrongUser).length,
    }),
  }
}

/** A refresh whose response was lost is tried again with the same token, as every client does. */
async function refresh(person) {
  person.isBusy = true
  const answer = await person.refresh()
  if (answer.status === 200) person.refreshToken = answer.body.refreshToken
  person.isBusy = false
  return answer
}

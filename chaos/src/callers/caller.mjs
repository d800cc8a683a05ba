import { sleep } from '../machines/processes.mjs'
import { createPerson } from './person.mjs'
import { served } from './served.mjs'

const PAUSE = 50

const ACTIONS = { page: visitPage, session: askSession, tokens: refresh, signIn: signInAndOut }
const WAYS = ['page', 'page', 'page', 'session', 'session', 'tokens', 'tokens', 'tokens', 'signIn', 'signIn']

/** Ten callers of each strategy. */
export function openCallers(balancer, prefix = '') {
  return ['jwt', 'database'].flatMap((strategy) =>
    WAYS.map((way, i) => createCaller({ balancer, strategy, way, name: `${prefix}${strategy}-${way}-${i}` })),
  )
}

/**
 * Somebody who uses the app without a break, in one way, and writes down what each call got.
 *
 * @param way 'page' (a guarded tRPC procedure, by cookie), 'session' (the HTTP endpoint, by cookie), 'tokens' (refreshes, and uses the new
 * access token), 'signIn' (signs in, looks, signs out)
 */
export function createCaller({ way, ...who }) {
  const person = createPerson(who)
  const caller = { ...who, way, person, calls: [], isStopped: false }
  return Object.assign(caller, {
    signIn: () => begin(caller),
    run: async () => {
      while (!caller.isStopped) {
        await ACTIONS[way](caller)
        await sleep(PAUSE)
      }
    },
    stop: () => void (caller.isStopped = true),
  })
}

/** The session that the caller keeps; one that signs in all the time keeps none. */
async function begin({ way, person }) {
  if (way === 'signIn') return
  const { body } = await served(() => person.signIn(way === 'tokens' ? 'token' : 'cookie'))
  person.refreshToken = body.refreshToken ?? null
}

async function visitPage({ calls, person }) {
  calls.push(await person.me())
}

async function askSession({ calls, person }) {
  calls.push(await person.session())
}

/** A refresh that failed is tried again with the same token, as every client does. */
async function refresh({ calls, person }) {
  const answer = await person.refresh()
  calls.push(answer)
  if (answer.status !== 200) return
  person.refreshToken = answer.body.refreshToken
  calls.push(await person.meByToken(answer.body.accessToken))
}

/** What it begins it ends, also after it was stopped: afterwards it has no session. */
async function signInAndOut({ calls, person }) {
  const answer = await person.signIn()
  calls.push(answer)
  if (answer.status !== 200) return
  calls.push(await person.me())
  let left
  do {
    left = await person.signOut()
    calls.push(left)
    if (left.status !== 200) await sleep(PAUSE)
  } while (left.status !== 200)
}

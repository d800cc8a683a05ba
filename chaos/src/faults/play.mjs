import { HANGS } from '../callers/balancer.mjs'
import { guess } from '../callers/guesser.mjs'
import { sleep } from '../machines/processes.mjs'
import { percentile } from '../report.mjs'

/** Milliseconds that everybody has to be served again. */
const PATIENCE = 30_000
/** What was under way when everybody was served belongs to a scenario too: as long as a call to the store may take. */
const UNDER_WAY = 2_200

/** Lets something happen, and measures what becomes of the callers until all of them are served again. */
export async function play(scenario, { callers, instances, balancer, number }) {
  console.log(`  ${scenario.name} …`)
  const exits = instances.map((instance) => instance.exits)
  const begun = performance.now()
  const end = await scenario.begin()
  const [guesses] = await Promise.all([guess(balancer, number), sleep(scenario.seconds * 1_000)])
  await end()
  const over = performance.now()
  const isServed = ({ calls }) => calls.some(({ status, ended }) => status === 200 && ended > over)
  while (!callers.every(isServed) && performance.now() - over < PATIENCE) await sleep(20)
  if (scenario.fails) await sleep(UNDER_WAY)
  return measure({ scenario, callers, guesses, begun, over, exits: count(instances, exits) })
}

const count = (instances, before) => instances.reduce((sum, { exits }, index) => sum + exits - before[index], 0)

function measure({ scenario, callers, guesses, begun, over, exits }) {
  const during = ({ calls }) => calls.filter(({ ended }) => ended >= begun)
  const calls = callers.flatMap(during)
  const failures = calls.filter(({ status }) => status !== 200)
  const waits = callers.map((caller) =>
    Math.min(
      ...during(caller)
        .filter(isServedAfter(over))
        .map(({ ended }) => ended - over),
    ),
  )
  return {
    scenario,
    exits,
    guesses,
    calls: calls.length,
    failures,
    /** The failures of those who should have gone on. */
    stopped: callers
      .filter(({ way }) => scenario.goesOn?.includes(way))
      .flatMap(during)
      .filter(({ status }) => status !== 200),
    signedOut: calls.filter(({ isSignedOut }) => isSignedOut).length,
    wrongUser: calls.filter(({ isWrongUser }) => isWrongUser).length,
    familiesLost: callers.filter(
      (caller) =>
        caller.way === 'tokens' && during(caller).some(({ status, path }) => status === 401 && path === '/auth/token'),
    ).length,
    signInP99: percentile(
      calls.filter(({ path }) => path.startsWith('/auth/signin/')).map((call) => call.ended - call.begun),
      0.99,
    ),
    slowest: Math.max(...calls.map((call) => call.ended - call.begun)),
    /** Until the first caller was served, and until the last was. Infinity: never. */
    firstServed: Math.min(...waits),
    allServed: Math.max(...waits),
  }
}

const isServedAfter = (over) => (call) => call.status === 200 && call.ended > over

/** What docs/reliability.md promises. Counts and statuses only: how long something takes is printed, and depends on the machine. */
const PROMISES = [
  { text: 'the instances go on', holds: ({ exits }) => exits === 0 },
  { text: 'nobody is signed out', holds: ({ signedOut }) => signedOut === 0 },
  { text: 'nobody gets what is somebody else’s', holds: ({ wrongUser }) => wrongUser === 0 },
  { text: 'no refresh family is lost', holds: ({ familiesLost }) => familiesLost === 0 },
  { text: 'what fails is 503 AdapterError with retryAfter', holds: ({ failures }) => failures.every(isUnavailable) },
  { text: 'who only reads goes on where the database can be read', holds: ({ stopped }) => stopped.length === 0 },
  { text: 'everybody is served again', holds: ({ allServed }) => Number.isFinite(allServed) },
  { text: `no call takes ${HANGS / 1_000} s`, holds: ({ slowest }) => slowest < HANGS },
  { text: 'the limiter is never open', holds: ({ guesses }) => guesses.allowed <= guesses.most },
  // Else the run would show nothing.
  { text: 'the guesses reach the limiter', holds: ({ guesses }) => guesses.refused > 0 },
  { text: 'the callers notice it', holds: ({ scenario, failures }) => !scenario.fails || failures.length > 0 },
  { text: 'nobody notices it', holds: ({ scenario, failures }) => scenario.fails || failures.length === 0 },
]

/** @returns a line for each promise that one scenario broke */
export function findBroken(row) {
  return PROMISES.filter(({ holds }) => !holds(row)).map(({ text }) => `${row.scenario.name}: ${text}`)
}

/** The store was away, or too slow: nothing is lost, and the client tries again. */
export const isUnavailable = ({ status, kind, retryAfter }) =>
  status === 503 && kind === 'AdapterError' && retryAfter >= 1

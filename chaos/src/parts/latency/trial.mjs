import { createPerson } from '../../callers/person.mjs'
import { served } from '../../callers/served.mjs'
import { openSocket } from '../../callers/socket.mjs'
import { openStream } from '../../callers/stream.mjs'
import { sleep } from '../../machines/processes.mjs'

/** Milliseconds between two questions of one kind. */
const PAUSE = 5
/** Each ticket works once, so one is needed for each question: they are asked less often where the end takes longer to arrive. */
const TICKETS = 20

/** What says that a session has ended. */
const REFUSALS = new Set(['SessionRevoked', 'SessionRequired', 'SessionExpired', 'InvalidToken'])
/** Those for which the database strategy reads the row every time. */
export const READ_EACH_TIME = ['cookie', 'ticket', 'call on a socket']
/** What a session is used by elsewhere. */
export const KINDS = [
  'cookie',
  'access token',
  'ticket',
  'call on a socket',
  'stream on a socket',
  'server-sent events',
]

/**
 * Somebody signs in, once for a cookie and once for tokens, uses both at instance 2 in every way, and signs out everywhere at instance 1.
 *
 * @param around does something before and after the sign-out
 * @returns for each kind the milliseconds from the response to the sign-out until the first refusal (Infinity: never), and how many
 * questions that began after that response were still answered
 */
export async function measureEnd({
  cluster,
  balancer,
  strategy,
  name,
  bound,
  ticketPause = PAUSE * 4,
  around = (end) => end(),
}) {
  const [first, second] = cluster.instances
  const browser = createPerson({ balancer, strategy, name })
  const client = createPerson({ balancer, strategy, name })
  await served(() => browser.signIn('cookie', { to: first }))
  const { accessToken } = (await served(() => client.signIn('token', { to: first }))).body
  const tickets = []
  for (let taken = 0; taken < TICKETS; taken++) tickets.push(await takeTicket(browser, second))
  const socket = await openSocket(second, browser)
  const streams = {
    'stream on a socket': socket.subscribe('open'),
    'server-sent events': openStream(second, 'open', browser),
  }
  for (const { opened } of Object.values(streams)) if ((await opened) !== name) throw new Error('a stream did not open')
  const ended = { at: Infinity }
  const asks = {
    cookie: async () => (await browser.me({ to: second })).kind,
    'access token': async () => (await client.meByToken(accessToken, { to: second })).kind,
    ticket: () => openByTicket(second, strategy, tickets),
    'call on a socket': async () => (await socket.query('me')).kind,
  }
  const loops = Object.entries(asks).map(([kind, ask]) =>
    askUntilRefused(kind, ask, { ended, bound, pause: kind === 'ticket' ? ticketPause : PAUSE }),
  )
  await sleep(PAUSE * 4)
  const leaver = copyOf(browser, balancer)
  await around(() => served(() => leaver.signOut({ everywhere: true }, { to: first })))
  ended.at = performance.now()
  const answers = await Promise.all(loops)
  const overs = await Promise.all(
    Object.entries(streams).map(async ([kind, { over }]) => [kind, await orNever(over, bound)]),
  )
  socket.close()
  streams['server-sent events'].close()
  const times = [...answers.map(({ kind, at }) => [kind, at]), ...overs]
  return {
    refused: Object.fromEntries(times.map(([kind, at]) => [kind, Math.max(0, at - ended.at)])),
    late: Object.fromEntries(answers.map(({ kind, late }) => [kind, late])),
  }
}

/** The same browser, whose own cookies stay as they are when it signs out. */
function copyOf({ strategy, name, cookies }, balancer) {
  const copy = createPerson({ balancer, strategy, name })
  for (const [key, value] of cookies) copy.cookies.set(key, value)
  return copy
}

async function takeTicket(person, instance) {
  const { body } = await served(() => person.send('/trpc/auth.streamTicket', { body: {}, to: instance }))
  return body.result.data.ticket
}

/** @returns why it didn't open */
async function openByTicket(instance, strategy, tickets) {
  const ticket = tickets.pop()
  if (!ticket) return 'no ticket is left'
  const stream = openStream(instance, 'open', { strategy }, { ticket })
  if ((await stream.opened) === null) return (await stream.over).kind
  stream.close()
}

/** @returns when it was refused at first, and how many questions that began after the end were answered */
async function askUntilRefused(kind, ask, { ended, bound, pause }) {
  let late = 0
  for (;;) {
    const begun = performance.now()
    const refused = await ask()
    if (REFUSALS.has(refused)) return { kind, at: performance.now(), late }
    // Neither one nor the other: the service is unavailable, on a machine that is busy with other work too.
    if (!refused && begun > ended.at) late++
    if (begun > ended.at + bound) return { kind, at: Infinity, late }
    await sleep(pause)
  }
}

const orNever = (over, bound) => Promise.race([over.then(({ at }) => at), sleep(bound, Infinity)])

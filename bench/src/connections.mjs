import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median } from './statistics.mjs'

/** Opened before anything is counted: code is compiled and buffers are there. */
const FIRST = 200
/** Files that a process has open besides. */
const SPARE = 200

/**
 * What a server keeps for each open socket or stream of a person of their own, beside the same server without auth; and, with so many open, what
 * it costs to end one person's session and when their client has heard of it. Servers and clients are processes of their own.
 */
export async function measureConnections({ sizes, ends }) {
  const most = countFiles() - SPARE
  const possible = [...new Set(sizes.map((size) => Math.min(size, most)))]
  const found = []
  for (const kind of ['sockets', 'streams']) {
    const [ours, without] = [await grow(kind, 'Latchkey', possible, ends), await grow(kind, 'no auth', possible)]
    found.push({ kind, sizes: ours.map((own, index) => ({ ...own, without: without[index].bytes })) })
  }
  return found
}

/** How many files a process may have open. Node raises its own limit as far as it may. */
function countFiles() {
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  return text === 'unlimited' ? Infinity : Number(text)
}

async function grow(kind, variant, sizes, ends = 0) {
  const people = FIRST + Math.max(...sizes) + ends * sizes.length
  const server = await startServer({ variant, people })
  const client = startClient({ kind, ...server.first })
  let open = 2
  const openUntil = async (end) => {
    await client.ask('open', { from: open, to: end })
    open = end
  }
  await openUntil(2 + FIRST)
  const before = await server.ask('bytes')
  const found = []
  let ended = 0
  for (const size of sizes) {
    // Those that were ended are replaced.
    await openUntil(2 + FIRST + size + ended)
    const bytes = ((await server.ask('bytes')) - before) / size
    found.push({ size, bytes, ...(ends > 0 && (await endSome({ server, client, from: 2 + ended, ends }))) })
    ended += ends
  }
  for (const { child } of [client, server]) child.disconnect()
  return found
}

/** Ends some people's sessions, one after another. Medians: a garbage collection that begins meanwhile is none of their cost. */
async function endSome({ server, client, from, ends }) {
  const [times, waits] = [[], []]
  for (let person = from; person < from + ends; person++) {
    const heard = client.whenEnded(person)
    const before = await server.ask('cpu')
    const since = await server.ask('end', person)
    waits.push((await heard) - since)
    times.push((await server.ask('cpu')) - before)
  }
  return { cpu: median(times), wait: median(waits), longest: Math.max(...waits) }
}

async function startServer(how) {
  const server = talkTo('connections-server.mjs', how)
  return { ...server, first: await server.answer(0) }
}

function startClient(how) {
  const client = talkTo('connections-client.mjs', how)
  const whenEnded = async (person) => {
    const { reason, at } = await client.answer(`end of ${person}`)
    if (reason !== 'UNAUTHORIZED') throw new Error(`the stream of person ${person} ended with ${reason}`)
    return at
  }
  return { ...client, whenEnded }
}

/** Starts a module with a question-and-answer line to it. */
function talkTo(file, how) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, [JSON.stringify(how)], { execArgv: ['--expose-gc'] })
  const waiting = new Map()
  let last = 0
  child.on('message', (message) => {
    const id = message.ended === undefined ? message.id : `end of ${message.ended}`
    waiting.get(id)?.(message.answer ?? message)
    waiting.delete(id)
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`)
  })
  failed.catch(() => {})
  const answer = (id) => Promise.race([new Promise((resolve) => waiting.set(id, resolve)), failed])
  const ask = (question, argument) => {
    const id = ++last
    const found = answer(id)
    child.send({ id, question, argument })
    return found
  }
  return { child, ask, answer }
}

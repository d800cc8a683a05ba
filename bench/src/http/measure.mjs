import { execFileSync } from 'node:child_process'
import { spread } from '../statistics.mjs'
import { load, loadSockets } from './load.mjs'
import { AGAIN, ROWS } from './rows.mjs'
import { ask, close, pinLoad, start } from './servers.mjs'

const CONNECTIONS = 16

/**
 * tRPC's standalone adapter with superjson under load: CPU of the server's process for one request. A resident process per row, the rows
 * by turns in every round, each compared with its reference of the same round.
 */
export async function measureHttp({ node = process.execPath, rounds, requests }) {
  const { isPinned, unpin } = pinLoad()
  const running = await startAll(node)
  const rows = running.rows.map((row) => ({ ...row, cpu: [], rates: [] }))
  // A server that has compiled less would look slower: who is asked less later is asked as much here.
  for (const row of rows) await turn({ ...row, part: row.warmUp ?? row.part }, requests)
  for (let round = 0; round < rounds; round++) {
    // There and back: who comes late in one round comes early in the next, and neighbours in the list stay neighbours.
    for (const row of round % 2 ? [...rows].reverse() : rows) {
      const { cpu, rate } = await turn(row, requests)
      row.cpu.push(cpu)
      row.rates.push(rate)
    }
  }
  for (const row of rows) row.heap = await watchHeap(row, requests / 2)
  running.close()
  unpin()
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  return { node, version, isPinned, connections: CONNECTIONS, rounds, requests, ...summarize(rows) }
}

/** A process for every row: one that also serves others would be warmer, and optimised for other work. Without those that can't be had. */
export async function startAll(node, wanted = ROWS) {
  const rows = await Promise.all(wanted.map(async (row) => ({ ...row, running: await start(row.server, { node }) })))
  const started = rows.filter(({ running }) => running)
  return { rows: started, close: () => started.forEach(({ running }) => close(running)) }
}

/** One row's share of a round: CPU µs of its server for one request, and the rate. */
async function turn(row, requests) {
  const send = await prepare(row, requests)
  const before = await ask(row.running, 'cpu')
  const rate = await send()
  return { cpu: ((await ask(row.running, 'cpu')) - before) / send.count, rate }
}

/** In a turn of its own: it would disturb the others. */
async function watchHeap(row, requests) {
  const send = await prepare(row, requests)
  await ask(row.running, 'watchHeap')
  await send()
  const { bytes, collecting } = await ask(row.running, 'heap')
  return { bytes: bytes / send.count, collecting }
}

/** What sends a row's requests. */
export async function prepare({ running, path, part, toPaths, isSocket }, requests) {
  const count = Math.ceil(requests * part)
  const paths = toPaths ? await toPaths(running, count) : Array.from({ length: count }, () => path)
  const send = () => (isSocket ? loadSockets : load)(running, { connections: CONNECTIONS, paths })
  return Object.assign(send, { count })
}

function summarize(rows) {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const ratio = (row, of) => row && of && spread(row.cpu.map((cpu, round) => of.cpu[round] / cpu))
  return {
    /** How much less CPU a request of `name` costs than one of `of`, in pairs of the same round. Undefined if either is missing. */
    ratio: (name, of) => ratio(byName.get(name), byName.get(of)),
    resolution: Math.abs(ratio(byName.get(AGAIN), byName.get(byName.get(AGAIN).against)).median - 1),
    rows: rows.map((row) => ({
      ...{ name: row.name, against: row.against, isCall: row.isCall, heap: row.heap },
      ...{ cpu: spread(row.cpu), rate: spread(row.rates), ratio: ratio(row, byName.get(row.against)) },
    })),
  }
}

import { execFileSync } from 'node:child_process'
import { median, spread } from '../statistics.mjs'
import { openLoad, openSocketLoad } from './load.mjs'
import { AGAIN, ROWS } from './rows.mjs'
import { ask, close, pinLoad, start } from './servers.mjs'

const CONNECTIONS = 16
/**
 * Requests until the other of a pair has its turn: a tenth of a second, so that a slow moment of the machine meets both. Fewer, and whether
 * the garbage collector ran once or twice meanwhile would show.
 */
const SLICE = 400
/** Of fewer pairs nobody could say how far they are apart. */
export const LEAST_PAIRS = 2

/**
 * tRPC's standalone adapter with superjson under load: CPU of the server's process for one request. A row and its reference are two new
 * processes that take turns. There are several such pairs, one after another, because one process compiles better than another by chance.
 * No server is kept for later: one that has waited is slower for a while.
 *
 * @param budget milliseconds: on a slow machine there are fewer pairs
 */
export async function measureHttp({ node = process.execPath, pairs, requests, warmUp, budget = Infinity }) {
  const { isPinned, unpin } = pinLoad()
  const rows = ROWS.map((row) => ({ ...row, cpu: [], rates: [], ratios: [], heap: null }))
  const references = new Set(ROWS.map(({ against }) => against))
  // A reference is measured beside the others.
  const measured = rows.filter(({ name, against }) => against || !references.has(name))
  const began = performance.now()
  for (const [done, row] of measured.entries()) {
    const reference = rows.find(({ name }) => name === row.against)
    const isLate = (pair) => performance.now() - began > (budget * (done + pair / pairs)) / measured.length
    for (let pair = 0; pair < (reference ? pairs : 1) && (pair < LEAST_PAIRS || !isLate(pair)); pair++)
      await measurePair(node, reference ? [row, reference] : [row], { requests, warmUp })
  }
  unpin()
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  const how = { connections: CONNECTIONS, pairs, requests, warmUp, slice: SLICE }
  return { node, version, isPinned, ...how, ...summarize(rows.filter(({ cpu }) => cpu.length > 0)) }
}

/** Adds what two new processes say. Nothing if one of them can't be had. */
async function measurePair(node, rows, { requests, warmUp }) {
  const { running, end } = await startAll(node, rows)
  if (running.length === rows.length) {
    // What is asked less is warmed up as much: a server that has compiled less would look slower.
    const [part, warmUpPart] = [rows[0].part, rows[0].warmUpPart ?? rows[0].part]
    await turn(running, warmUp * warmUpPart, part)
    const found = await turn(running, requests * part, part)
    for (const [index, row] of rows.entries()) {
      row.cpu.push(...found[index].map(({ cpu }) => cpu))
      row.rates.push(...found[index].map(({ rate }) => rate))
      row.heap ??= await watchHeap(running[index], (requests / 2) * part)
    }
    const [own, other] = found
    if (other) rows[0].ratios.push(median(own.map(({ cpu }, slice) => other[slice].cpu / cpu)))
  }
  end()
}

/** A process for each of these rows, but for those that can't be had. */
export async function startAll(node, rows) {
  const started = await Promise.all(rows.map(async (row) => ({ ...row, running: await start(row.server, { node }) })))
  const running = started.filter((row) => row.running)
  return { running, end: () => running.forEach((row) => close(row.running)) }
}

/** So many requests to each, by turns: for each slice the CPU µs of the server for one request, and the rate. */
export async function turn(rows, count, part) {
  const loads = await Promise.all(rows.map((row) => openRow(row, Math.ceil(count), Math.ceil(SLICE * part))))
  const found = rows.map(() => [])
  for (let slice = 0; slice < loads[0].slices.length; slice++) {
    // There and back: who comes first in one slice comes last in the next.
    const order = slice % 2 ? [...loads.keys()].reverse() : [...loads.keys()]
    for (const index of order) found[index].push(await spend(loads[index], slice))
  }
  for (const load of loads) load.end()
  return found
}

async function spend({ running, send, slices }, slice) {
  const before = await ask(running, 'cpu')
  const start = performance.now()
  await send(slices[slice])
  const seconds = (performance.now() - start) / 1_000
  const count = slices[slice].length
  return { cpu: ((await ask(running, 'cpu')) - before) / count, rate: count / seconds }
}

/** In a turn of its own: it would disturb the others. */
async function watchHeap(row, count) {
  const load = await openRow(row, Math.ceil(count), Infinity)
  await ask(row.running, 'watchHeap')
  await load.send(load.slices[0])
  const { bytes, collecting } = await ask(row.running, 'heap')
  load.end()
  return { bytes: bytes / load.slices[0].length, collecting }
}

/** What sends a row's requests, slice by slice. */
async function openRow({ running, path, toPaths, isSocket }, count, size) {
  const paths = toPaths ? await toPaths(running, count) : Array.from({ length: count }, () => path)
  const slices = []
  for (let at = 0; at < count; at += size) slices.push(paths.slice(at, at + size))
  const { send, close: end } = await (isSocket ? openSocketLoad : openLoad)(running, CONNECTIONS)
  return { running, slices, send, end }
}

function summarize(rows) {
  const again = rows.find(({ name }) => name === AGAIN)
  return {
    resolution: Math.abs(spread(again.ratios).median - 1),
    rows: rows.map((row) => ({
      ...{ name: row.name, against: row.against, isCall: row.isCall, heap: row.heap },
      ...{
        cpu: spread(row.cpu),
        rate: spread(row.rates),
        ratio: row.ratios.length > 0 ? spread(row.ratios) : undefined,
      },
    })),
  }
}

import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { load } from './load.mjs'
import { VARIANT_NAMES } from './server.mjs'
import { spread } from './statistics.mjs'

const CONNECTIONS = 32
const REFERENCE = 'no auth'

/**
 * tRPC's standalone adapter with superjson under load: a resident process per variant, the variants by turns in every round, each
 * compared with the reference of its own round. Servers on one core and load on another, if there are two and `taskset`.
 */
export async function measureHttp({ rounds, milliseconds }) {
  const pinned = pin(process.pid, 1)
  const servers = await Promise.all(VARIANT_NAMES.map((name) => start(name)))
  for (const server of servers) await load(server, { connections: CONNECTIONS, milliseconds: milliseconds / 2 })
  const rates = new Map(VARIANT_NAMES.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // There and back: who comes late in one round comes early in the next, and neighbours in the list stay neighbours.
    for (const server of round % 2 ? [...servers].reverse() : servers)
      rates.get(server.name).push(await load(server, { connections: CONNECTIONS, milliseconds }))
  }
  const batch = await measureBatch(servers, { rounds, milliseconds })
  for (const { child } of servers) child.disconnect()
  unpin(process.pid)
  const shares = (name) => rates.get(name).map((rate, round) => rate / rates.get(REFERENCE)[round])
  return {
    pinned,
    batch,
    share: (name, of) => spread(rates.get(name).map((rate, round) => rate / rates.get(of)[round])),
    rows: VARIANT_NAMES.map((name) => ({ name, rate: spread(rates.get(name)), share: spread(shares(name)) })),
  }
}

const BATCH = `/${Array.from({ length: 10 }, () => 'whoAmI').join(',')}?batch=1`

/** Ten guarded calls in one request, against the same behind a constant session: the pair takes turns. */
async function measureBatch(servers, { rounds, milliseconds }) {
  const pair = ['a constant session behind one guard', 'Latchkey, warm token']
  const [constant, ours] = pair.map((name) => servers.find((server) => server.name === name))
  const shares = []
  for (let round = 0; round < rounds; round++) {
    const options = { connections: CONNECTIONS, milliseconds, path: BATCH }
    // Each is first in every other round.
    const [first, second] = round % 2 ? [ours, constant] : [constant, ours]
    const rates = new Map([[first, await load(first, options)]])
    rates.set(second, await load(second, options))
    shares.push(rates.get(ours) / rates.get(constant))
  }
  return spread(shares)
}

export async function start(name, pinned = true) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [name])
  if (pinned) pin(child.pid, 0)
  const [{ port, cookie }] = await once(child, 'message')
  return { name, child, port, cookie }
}

function unpin(pid) {
  spawnSync('taskset', ['-apc', `0-${cpus().length - 1}`, String(pid)])
}

function pin(pid, core) {
  return cpus().length > 1 && spawnSync('taskset', ['-apc', String(core), String(pid)]).status === 0
}

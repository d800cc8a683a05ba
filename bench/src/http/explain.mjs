import { startAll, turn } from './measure.mjs'
import { ROWS } from './rows.mjs'
import { ask, pinLoad } from './servers.mjs'

const LINES = 8

/**
 * Where the row of a target that isn't met spends more than its reference, as CPU profiles of both servers have it, taken in a run of their
 * own. Microseconds for one request.
 */
export async function explain({ what, row, run }, how) {
  const [ours, reference] = await profileBoth(run, row, how)
  return { what, version: run.version, ...compare(ours, reference) }
}

/** Microseconds for one request by where they are spent: a profile says only in which parts. */
async function profileBoth({ node, rows }, { name, against }, { requests, warmUp }) {
  const { unpin } = pinLoad()
  const wanted = [name, against].map((wantedName) => ROWS.find((row) => row.name === wantedName))
  const { running, end } = await startAll(node, wanted)
  const { part } = wanted[0]
  await turn(running, warmUp * part, part)
  for (const row of running) await ask(row.running, 'startProfile')
  await turn(running, requests * part, part)
  const profiles = []
  for (const row of running) {
    const { cpu } = rows.find((found) => found.name === row.name)
    profiles.push(new Map((await ask(row.running, 'profile')).map(([what, part]) => [what, part * cpu.median])))
  }
  end()
  unpin()
  return profiles
}

function compare(ours, reference) {
  const names = [...new Set([...ours.keys(), ...reference.keys()])]
  const lines = names.map((what) => ({ what, ours: ours.get(what) ?? 0, reference: reference.get(what) ?? 0 }))
  const more = (line) => line.ours - line.reference
  const sum = lines.reduce((total, line) => total + more(line), 0)
  const shown = lines.sort((a, b) => more(b) - more(a)).slice(0, LINES)
  return { sum, lines: shown.map((line) => ({ ...line, more: more(line) })) }
}

import { join } from 'node:path'
import { installNode24 } from '../../../scripts/node24-binary.mjs'
import { httpTargets } from '../targets.mjs'
import { explain } from './explain.mjs'
import { measureHttp } from './measure.mjs'

/** Over HTTP on the Node of this run, which the targets are judged by, and unless it's the same on Node 24; with what explains the rest. */
export async function measureOnNodes({ withNode24, explanations, ...how }) {
  const nodes = [process.execPath]
  const missing = []
  if (withNode24 && !process.version.startsWith('v24.')) {
    const bin = installNode24()
    if (bin) nodes.push(join(bin, 'node'))
    else missing.push('Node 24')
  }
  const runs = []
  for (const [index, node] of nodes.entries())
    runs.push(await measureHttp({ node, ...(index === 0 ? how : shorten(how)) }))
  const explained = []
  for (const missed of missedOnce(runs).slice(0, explanations)) explained.push(await explain(missed, how))
  return { runs, missing, explained }
}

/** Nothing is decided by the other Node: both in full would take half of an hour. */
const shorten = ({ pairs, ...how }) => ({ ...how, pairs: Math.ceil(pairs / 2) })

/** What isn't met, on the first Node that it isn't met on. */
function missedOnce(runs) {
  const missed = new Map()
  for (const run of runs)
    for (const { row, target } of httpTargets(run))
      if (target.verdict !== 'met' && !missed.has(target.what)) missed.set(target.what, { what: target.what, row, run })
  return [...missed.values()]
}

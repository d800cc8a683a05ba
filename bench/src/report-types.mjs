import { median, round } from './statistics.mjs'
import { table } from './table.mjs'
import { compareGrowth } from './types.mjs'

const NAMES = {
  none: 'without auth',
  bare: 'behind a bare middleware',
  use: 'Latchkey, `use(protectedMiddleware)`',
  concat: 'Latchkey, `concat(protectedProcedure)`',
  betterAuth: 'better-auth',
}

/** A table for each compiler: types instantiated and CPU seconds, and how many more seconds than without auth. */
export function reportTypes(compilers) {
  return [
    '## Types: the small app, by its number of guarded procedures',
    '',
    'Types instantiated · CPU seconds of the whole compiler (more than without auth). Added: what the procedures of the largest app add to the smallest, against the same behind a bare middleware (min–max).',
    '',
    ...compilers.flatMap(tableOf),
  ].join('\n')
}

function tableOf(compiler) {
  const { version, apps } = compiler
  const sizes = Object.keys(apps.none)
  const lines = Object.entries(apps).map(([app, bySize]) => [
    NAMES[app],
    ...sizes.map((size) => cell(bySize[size], apps.none[size])),
    addedCell(compareGrowth(compiler, app)),
  ])
  return table('', [`TypeScript ${version}`, ...sizes, 'added'], lines)
}

function cell({ instantiations, seconds }, none) {
  const more = median(seconds.map((time, index) => time - none.seconds[index]))
  const signed = `${more < 0 ? '−' : '+'}${Math.abs(more).toFixed(2)}`
  return `${instantiations.toLocaleString('en')} · ${median(seconds).toFixed(2)} s (${signed})`
}

function addedCell({ seconds: { median: middle, min, max } }) {
  return `× ${round(middle)} (${round(min)}–${round(max)})`
}

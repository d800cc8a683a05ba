import { LEAST_PAIRS } from './measure.mjs'
import { round } from '../statistics.mjs'
import { table } from '../table.mjs'
import { httpTargets } from '../targets.mjs'
import { AGAIN, CONSTANT } from './rows.mjs'

/** What a request costs, on every Node that was measured: the first is the one that the targets are judged by. */
export function httpReport({ runs, missing, explained }) {
  return [
    ...heading(runs[0]),
    ...missing.flatMap((name) => [
      `**${name.toUpperCase()} IS MISSING: it could not be installed, and nothing here was measured on it.**`,
      '',
    ]),
    ...cost(runs),
    ...besides(runs),
    ...runs.slice(1).flatMap(judgement),
    ...explained.flatMap(explanation),
  ].join('\n')
}

function heading({ isPinned, connections, pairs, requests, warmUp, slice }) {
  const how = isPinned ? 'server and load on a core each' : 'server and load not pinned'
  const times = pairs > LEAST_PAIRS ? `${LEAST_PAIRS} to ${pairs} times, as the time allows` : `${pairs} times`
  return [
    `## tRPC over HTTP (standalone, superjson, ${connections} connections, ${how})`,
    '',
    `CPU µs of the server’s process for one request: user and system time, its threads and the garbage collector included, the database’s own process not. A row and its reference are two new processes, ${times}: after ${number(warmUp)} requests each, ${number(requests)} more by turns of ${slice} (fewer of what is slow; who has no reference, once). A ratio is the reference’s CPU ÷ the row’s: the median of its turns, and of these the median with two standard errors.`,
    '',
  ]
}

function cost(runs) {
  const head = ['', ...runs.flatMap(({ version }) => [`CPU µs, ${version}`, 'ratio']), 'against']
  const lines = runs[0].rows.map(({ name, against = '' }) => {
    const cells = runs.flatMap(({ rows }) => costOf(rows.find((row) => row.name === name)))
    return [name, ...cells, against]
  })
  const resolution = runs.map(({ version, resolution: off }) => `${percent(off)} on ${version}`).join(', ')
  const note = `**Resolution:** “${AGAIN}” is “${CONSTANT}” in a second process, and is off by ${resolution}. A ratio that is nearer to 1 than that says nothing.`
  return [...table('', head, lines), note, '']
}

function costOf(row) {
  if (!row) return ['–', '–']
  const { cpu, ratio } = row
  return [round(cpu.median), ratio ? `${ratio.median.toFixed(3)} ± ${ratio.error.toFixed(3)}` : '']
}

const number = (count) => count.toLocaleString('en')

/** The rate depends on the load's process and on what else the machine does: it stands here for its order of size. */
function besides(runs) {
  const of = ({ version }) => [`requests/s, ${version}`, 'min–max', 'kB allocated', 'collecting']
  const lines = runs[0].rows.map(({ name }) => [
    name,
    ...runs.flatMap(({ rows }) => besideOf(rows.find((row) => row.name === name))),
  ])
  const note =
    'Allocated: on the heap, for one request. Collecting: the garbage collector’s pauses on the clock, as a part of the CPU time: too much if the machine is busy. Both in a turn of their own.'
  return [...table('', ['', ...runs.flatMap(of)], lines), note, '']
}

function besideOf(row) {
  if (!row) return ['–', '–', '–', '–']
  const { rate, heap } = row
  const range = `${round(rate.min)}–${round(rate.max)}`
  return [round(rate.median), range, round(heap.bytes / 1_000), percent(heap.collecting)]
}

/** The same targets on another Node. */
function judgement(run) {
  const line = ({ target: { what, target, value, error, verdict } }) => [
    ...[what, target, round(value), `± ${round(error)}`, verdict],
  ]
  return table('', [`on ${run.version}`, 'target', 'measured', 'resolution', ''], httpTargets(run).map(line))
}

/** The profile's lines of a target that isn't met. */
function explanation({ what, version, sum, lines }) {
  const head = [`${what}, ${version}: ${round(sum)} µs more than the reference`, 'row, µs', 'reference, µs', 'more']
  const cells = ({ what: where, ours, reference, more }) => [
    where,
    ...[ours, reference, more].map((time) => time.toFixed(1)),
  ]
  return table('', head, lines.map(cells))
}

function percent(part) {
  return `${(part * 100).toFixed(1)} %`
}

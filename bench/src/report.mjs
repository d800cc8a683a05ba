import { readFileSync } from 'node:fs'
import { cpus, platform, release } from 'node:os'
import { reportGrowth } from './report-growth.mjs'
import { reportTypes } from './report-types.mjs'
import { median, round, spread } from './statistics.mjs'
import { table } from './table.mjs'
import { httpReport } from './http/report.mjs'
import { compareTargets } from './targets.mjs'

/** Everything that was found, as Markdown. */
export function report(found) {
  return [
    machine(),
    targets(found),
    resolveTable(found.resolve),
    httpReport(found.http),
    passwordTable(found.passwords),
    smaller(found),
    reportTypes(found.types),
    reportGrowth(found),
  ].join('\n')
}

function machine() {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const versions = Object.entries(dependencies)
    .filter(([, version]) => !version.startsWith('file:'))
    .map(([name, version]) => `${name} ${version.replace(/^npm:.*@/, '')}`)
  const [{ model }] = cpus()
  return `Node ${process.version}, ${platform()} ${release()}, ${cpus().length} × ${model}\n\n${versions.join(' · ')}\n`
}

function targets(found) {
  const rows = compareTargets(found)
  const missed = rows.filter(({ verdict, why }) => verdict === 'not met' && why)
  const line = ({ what, target, value, error, verdict }) => [
    ...[what, target, round(value)],
    error ? `± ${round(error)}` : '–',
    verdict,
  ]
  return [
    ...table('Targets', ['what', 'target', 'measured', 'resolution', ''], rows.map(line)),
    RESOLUTION,
    '',
    ...missed.map(({ what, why }) => `- **${what}**: ${why}`),
    ...(missed.length > 0 ? [''] : []),
  ].join('\n')
}

const RESOLUTION =
  'The resolution is two standard errors of the median of the rounds; over HTTP at least how far the reference is from itself. A dash: counted, or measured once. “Within the resolution”: missed, by no more than that.'

function resolveTable(rows) {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const faster = ({ beside, times }) => {
    const peer = byName.get(beside)
    return peer ? `${round(median(peer.times.map((time, index) => time / times[index])))} × faster than ${beside}` : ''
  }
  const lines = rows.map((row) => [row.name, round(row.median), `${round(row.min)}–${round(row.max)}`, faster(row)])
  return table(
    'Resolving a session, in process (CPU of this process alone, also where a database works beside it)',
    ['', 'CPU µs', 'min–max', ''],
    lines,
  ).join('\n')
}

function passwordTable(rows) {
  const cell = ({ median: middle, min, max }) => `${round(middle)} (${round(min)}–${round(max)})`
  const lines = rows.map(({ name, signIns, reads, delay, longest }) => [
    name,
    ...[signIns, reads, delay, longest].map(cell),
  ])
  const title = `Passwords: ${rows[0].people} sign-ins at any time beside 200 session reads a second (each with its own default hashing, SQLite)`
  const head = ['', 'sign-ins/s', 'p99 of a read, ms', 'p99 of the event loop’s delay, ms', 'its longest, ms']
  return table(title, head, lines).join('\n')
}

function smaller({ storm, context, caller, postgresRead, startup, size }) {
  const milliseconds = ({ median: middle, min, max }) => `${round(middle)} ms (${round(min)}–${round(max)})`
  const spreadOf = ({ median: middle, min, max }) => `${round(middle)} (${round(min)}–${round(max)})`
  const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`
  const lines = [
    ['p99 of a session read, idle', milliseconds(spread(storm.idle))],
    ['p99 of a session read, 16 sign-ins in flight', milliseconds(spread(storm.storm))],
    ['bytes that our context takes in a public procedure', String(context.made)],
    ['the same and a known token’s session', context.asked.toLocaleString('en')],
    ['role-guarded createCaller call ÷ one bare middleware', spreadOf(caller)],
    ...(postgresRead
      ? [
          ['a row of PostgreSQL by the adapter ÷ by hand, named', spreadOf(postgresRead.ratio)],
          ['the same with `prepare: false`', spreadOf(postgresRead.unnamed)],
        ]
      : []),
    ['importing core and trpc in a new process', milliseconds(startup.ours)],
    ['importing @trpc/server and jose', milliseconds(startup.theirs)],
    ['the difference', milliseconds(startup.more)],
    ['core and trpc with jose, minified and gzipped', kilobytes(size.server)],
    ...(size.client
      ? [
          ['the client: link and token store', kilobytes(size.client)],
          ['the client’s `signInWith`', kilobytes(size.signInWith)],
          ['its React part', kilobytes(size.react)],
        ]
      : []),
  ]
  return table('Besides', ['', ''], lines).join('\n')
}

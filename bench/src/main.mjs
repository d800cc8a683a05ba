import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, platform, release } from 'node:os'
import { measureHttp } from './http.mjs'
import { measureResolve } from './resolve.mjs'
import { median, round } from './statistics.mjs'

/** Measures, prints, and after a full run writes RESULTS.md. */
export async function main({ short }) {
  const resolve = await measureResolve(short ? { rounds: 3, milliseconds: 100 } : { rounds: 15, milliseconds: 500 })
  const http = await measureHttp(short ? { rounds: 2, milliseconds: 500 } : { rounds: 9, milliseconds: 2_000 })
  const report = [describeMachine(), resolveTable(resolve), httpTable(http)].join('\n')
  console.log(report)
  if (!short)
    writeFileSync(
      new URL('../RESULTS.md', import.meta.url),
      `# Results\n\nWritten by \`npm run bench\`. ${NOTE}\n\n${report}`,
    )
}

const NOTE =
  'Trust the ratios: they are medians of pairs that were measured side by side in one run, on a machine that others use too.'

function describeMachine() {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const versions = Object.entries(dependencies)
    .filter(([, version]) => !version.startsWith('file:'))
    .map(([name, version]) => `${name} ${version}`)
  const [{ model }] = cpus()
  return `Node ${process.version}, ${platform()} ${release()}, ${cpus().length} × ${model}\n\n${versions.join(' · ')}\n`
}

function resolveTable(rows) {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const lines = rows.map(({ name, beside, median: middle, min, max, times }) => {
    const peer = beside && byName.get(beside)
    const ratio = peer
      ? `${round(median(peer.times.map((time, index) => time / times[index])))} × faster than ${beside}`
      : ''
    return `| ${name} | ${round(middle)} | ${round(min)}–${round(max)} | ${ratio} |`
  })
  return ['## Resolving a session, in process', '', '| | CPU µs | min–max | |', '|---|--:|--:|---|', ...lines, ''].join(
    '\n',
  )
}

function httpTable({ pinned, rows }) {
  const lines = rows.map(
    ({ name, rate, share }) =>
      `| ${name} | ${round(rate.median)} | ${share.median.toFixed(2)} | ${share.min.toFixed(2)}–${share.max.toFixed(2)} |`,
  )
  const how = pinned ? 'server and load on a core each' : 'server and load not pinned'
  return [
    `## tRPC over HTTP (standalone, superjson, 32 connections, ${how})`,
    '',
    '| a query that knows its session | requests/s | share of no auth | min–max |',
    '|---|--:|--:|--:|',
    ...lines,
    '',
  ].join('\n')
}

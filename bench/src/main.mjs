import { writeFileSync } from 'node:fs'
import { measureCaller } from './caller.mjs'
import { drawChart } from './chart.mjs'
import { measureConnections } from './connections.mjs'
import { measureContext } from './context.mjs'
import { measureRows } from './growth.mjs'
import { measureOnNodes } from './http/nodes.mjs'
import { measureTokens } from './live-tokens.mjs'
import { measurePasswords } from './passwords.mjs'
import { measurePostgresRead } from './postgres-read.mjs'
import { report } from './report.mjs'
import { measureResolve } from './resolve.mjs'
import { measureRevocations } from './revocations.mjs'
import { measureSize } from './size.mjs'
import { measureStartup } from './startup.mjs'
import { measureStorm } from './storm.mjs'
import { measureTypes } from './types.mjs'

const FULL = {
  resolve: { rounds: 9, milliseconds: 200 },
  http: { pairs: 4, requests: 4_000, warmUp: 8_000, budget: 280_000, withNode24: true },
  storm: { rounds: 5, milliseconds: 2_000 },
  passwords: { rounds: 2, milliseconds: 3_000, people: 64 },
  caller: { rounds: 15, milliseconds: 200 },
  postgresRead: { rounds: 15, milliseconds: 300 },
  startup: { rounds: 15 },
  types: { compilers: { 'typescript-5': { 1: 3, 50: 1, 500: 3 }, typescript: { 1: 15, 50: 1, 500: 15 } } },
  rows: { sizes: [1_000, 10_000, 100_000, 1_000_000], calls: 5_000 },
  tokens: { sizes: [1_000, 10_000, 100_000], calls: 20_000 },
  // The last are more than what is remembered.
  revocations: { sizes: [10_000, 100_000, 1_000_000, 1_300_000], calls: 2_000 },
  connections: { sizes: [1_000, 10_000], ends: 50 },
}

/** The same program, long enough to see that it works. */
const SHORT = {
  resolve: { rounds: 3, milliseconds: 60 },
  http: { pairs: 2, requests: 160, warmUp: 160, explanations: 1 },
  storm: { rounds: 1, milliseconds: 1_000 },
  passwords: { rounds: 1, milliseconds: 1_000, people: 8 },
  caller: { rounds: 3, milliseconds: 60 },
  postgresRead: { rounds: 3, milliseconds: 60 },
  startup: { rounds: 3 },
  types: { compilers: { typescript: { 1: 1, 20: 1 } } },
  rows: { sizes: [1_000, 10_000], calls: 200 },
  tokens: { sizes: [100, 1_000], calls: 1_000 },
  revocations: { sizes: [2_000, 10_000], calls: 500 },
  connections: { sizes: [50, 200], ends: 5 },
}

/** Measures, prints, and after a full run writes RESULTS.md and draws the chart. One thing after another: they would disturb each other. */
export async function main({ short }) {
  const how = short ? SHORT : FULL
  const found = {
    resolve: await timed('resolve', () => measureResolve(how.resolve)),
    http: await timed('http', () => measureOnNodes(how.http)),
    storm: await timed('storm', () => measureStorm(how.storm)),
    passwords: await timed('passwords', () => measurePasswords(how.passwords)),
    context: await timed('context', () => measureContext()),
    caller: await timed('caller', () => measureCaller(how.caller)),
    postgresRead: await timed('postgresRead', () => measurePostgresRead(how.postgresRead)),
    startup: await timed('startup', () => measureStartup(how.startup)),
    size: await timed('size', () => measureSize()),
    types: await timed('types', () => measureTypes(how.types)),
    rows: await timed('rows', () => measureRows(how.rows)),
    tokens: await timed('tokens', () => measureTokens(how.tokens)),
    revocations: await timed('revocations', () => measureRevocations(how.revocations)),
    connections: await timed('connections', () => measureConnections(how.connections)),
  }
  const text = report(found)
  console.log(text)
  if (short) return
  writeFileSync(
    new URL('../RESULTS.md', import.meta.url),
    `# Results\n\nWritten by \`npm run bench\`. ${NOTE}\n\n${text}`,
  )
  writeFileSync(new URL('../../docs/images/bench.svg', import.meta.url), drawChart(found.http.runs[0]))
}

/** Says how long each part took: they have to fit into a quarter of an hour. */
async function timed(name, measure) {
  const start = performance.now()
  const found = await measure()
  console.error(`${name}: ${Math.round((performance.now() - start) / 1_000)} s`)
  return found
}

const NOTE =
  'Trust the ratios: they are medians of pairs that were measured side by side in one run, on a machine that others use too.'

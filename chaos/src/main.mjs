import { PARTS } from './parts/list.mjs'
import { createRandom } from './random.mjs'
import { printTable } from './report.mjs'

/** @returns the exit code */
export async function main({ only, ...options }) {
  const names = only ? [only] : Object.keys(PARTS).filter((name) => !(options.isShort && PARTS[name].isLong))
  if (only && !PARTS[only])
    throw new Error(`--only ${only}: there is no such part, choose one of ${Object.keys(PARTS).join(', ')}`)
  console.log(`seed ${options.seed}, Node ${process.version}`)
  const broken = []
  for (const name of names) broken.push(...(await runPart(name, options)))
  for (const line of broken) console.error(`BROKEN: ${line}`)
  return broken.length === 0 ? 0 : 1
}

async function runPart(name, options) {
  const begun = performance.now()
  const { title, proves = [] } = PARTS[name]
  console.log(`\n${title} (${[name, ...proves].join(', ')})`)
  const { tables = [], notes = [], broken } = await PARTS[name].run({ ...options, random: createRandom(options.seed) })
  for (const table of tables) printTable(table)
  for (const note of notes) console.log(note)
  console.log(`${name}: ${((performance.now() - begun) / 1_000).toFixed(0)} s, ${broken.length} promises broken`)
  return broken.map((line) => `${name}: ${line}`)
}

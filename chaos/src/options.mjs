import { parseArgs } from 'node:util'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 }
const MINUTE = 60_000

/** What the command line asks for. A seed that isn't given is new, and printed. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string' },
      soak: { type: 'string' },
    },
  })
  return {
    isShort: values.short,
    only: values.soak ? 'soak' : values.only,
    seed: values.seed ? Number(values.seed) : Math.floor(Math.random() * 2 ** 32),
    soak: values.soak ? readDuration(values.soak) : values.short ? MINUTE : 10 * MINUTE,
  }
}

function readDuration(text) {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? []
  if (!unit) throw new Error(`--soak ${text}: write a duration, such as 10m`)
  return Number(count) * UNITS[unit]
}

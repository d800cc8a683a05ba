import { spawnSync } from 'node:child_process'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './install.mjs'

// `npm run simulate -- --runs 10000 --seed 1`: plays a hundred instances over a bus that fails in every way, and checks what docs/scaling.md
// promises. A run that breaks a promise names its seed.
chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
ensureInstalled()
const env = { ...process.env, SIMULATE_RUNS: values.runs ?? '1000', SIMULATE_SEED: values.seed ?? '1' }
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'core', 'packages/core/test/simulation']
process.exit(spawnSync(process.execPath, vitest, { stdio: 'inherit', env }).status ?? 1)

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, ensureInstalled } from './install.mjs'
import { summarize } from './summary.mjs'

// `npm test`: the whole suite, type tests included. What needs a server that isn't there is skipped, and named again at the end.
// What follows (`npm test -- --project core`) is handed to vitest.
chdir(fileURLToPath(new URL('..', import.meta.url)))
ensureInstalled()
build()

const report = '.turbo/test-report.json'
mkdirSync('.turbo', { recursive: true })
rmSync(report, { force: true })
const outputs = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...outputs, ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit' })
console.log(`\n${summarize(report, status === 0)}`)
process.exit(status ?? 1)

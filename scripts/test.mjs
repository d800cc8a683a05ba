import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, run } from './install.mjs'

// `npm test`: the whole suite, type tests included. What needs a server that isn't there is skipped, and named again at the end.
chdir(fileURLToPath(new URL('..', import.meta.url)))
ensureInstalled()
run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'])

const report = '.turbo/test-report.json'
mkdirSync('.turbo', { recursive: true })
rmSync(report, { force: true })
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
summarize()
process.exit(status ?? 1)

function summarize() {
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    testResults,
  } = JSON.parse(readFileSync(report, 'utf8'))
  const names = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter((test) => test.status === 'skipped' || test.status === 'pending')
      .map((test) => test.fullName),
  )
  if (names.length > 0)
    console.log(
      `\nSkipped, because something that they need is not here:\n${names.map((name) => `  - ${name}`).join('\n')}`,
    )
  const summary = `${passed} passed, ${failed} failed, ${skipped} skipped`
  writeFileSync('.turbo/summary.txt', `${summary}\n`)
  console.log(`\n${summary}`)
}

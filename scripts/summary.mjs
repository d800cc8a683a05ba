import { existsSync, readFileSync } from 'node:fs'

/** Reads vitest's JSON report: what was skipped, and as the last line `N passed, N failed`. */
export function summarize(path, isSuccess) {
  const { numPassedTests = 0, testResults = [] } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const failed = countFailures(testResults)
  const skipped = listSkipped(testResults)
  return [
    ...(skipped.length > 0 ? ['Skipped, because something that they need is not here:', ...skipped, ''] : []),
    // Vitest also fails for errors that belong to no test, and if it doesn't come to reporting.
    `${numPassedTests} passed, ${isSuccess ? failed : Math.max(failed, 1)} failed`,
  ].join('\n')
}

/** A file that fails before its tests do (a module that doesn't load, a beforeAll) is a failure too. */
function countFailures(files) {
  return files
    .map(({ status, assertionResults }) => ({
      status,
      failed: assertionResults.filter((test) => test.status === 'failed').length,
    }))
    .reduce((sum, { status, failed }) => sum + (status === 'failed' ? Math.max(failed, 1) : failed), 0)
}

/** The suites that were skipped, or single tests, each with how many tests that was. */
function listSkipped(files) {
  const counts = new Map()
  for (const { assertionResults } of files) {
    for (const { status, ancestorTitles, title } of assertionResults) {
      if (status !== 'skipped' && status !== 'pending' && status !== 'todo') continue
      const name = ancestorTitles.filter((part) => part !== '')[0] ?? title
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return [...counts].map(([name, count]) => `  - ${name} (${count} ${count === 1 ? 'test' : 'tests'})`)
}

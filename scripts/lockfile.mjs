import { readFileSync } from 'node:fs'

// What the lockfile must not bring: code that runs while installing, and the address of the one registry that it was made with.
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const problems = Object.entries(packages).flatMap(([path, { hasInstallScript, resolved }]) => [
  ...(hasInstallScript ? [`${path} has an install script`] : []),
  ...(/^https?:/.test(resolved ?? '') ? [`${path} names a host to download from`] : []),
])
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'The lockfile is clean.' : `${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

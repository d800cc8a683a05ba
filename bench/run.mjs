import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'

// `npm run bench [-- --short]`: builds the packages, installs the peers where they are missing, measures. It asserts nothing.
const here = fileURLToPath(new URL('.', import.meta.url))
chdir(here)
const run = (command, args, cwd = here) =>
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  })
if (!existsSync('../node_modules')) run('npm', ['ci', '--no-audit', '--no-fund'], `${here}..`)
run('npx', ['turbo', 'run', 'build', '--filter=./packages/*'], `${here}..`)
const wanted = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)
if (!wanted.every((name) => existsSync(`node_modules/${name}`))) run('npm', ['ci', '--no-audit', '--no-fund'])

const { main } = await import('./src/main.mjs')
await main({ short: process.argv.includes('--short') })

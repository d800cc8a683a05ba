import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const OLDEST = [20, 19]

/** Installs what is missing, so that the README's commands need no step before them; says so clearly if Node is too old. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    console.error(`Latchkey needs Node ${OLDEST.join('.')} or later; this is ${process.version}.`)
    process.exit(1)
  }
  if (isFresh()) return
  console.log('Installing packages …')
  run('npm', ['ci', '--no-audit', '--no-fund'])
}

/** npm writes this file last, so that it is newer than the lockfile exactly when the lockfile has been installed. */
function isFresh() {
  const installed = 'node_modules/.package-lock.json'
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs
}

/** Builds the workspaces, or what `filter` names; what hasn't changed since is not built again. */
export function build(...filter) {
  run(process.execPath, ['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only', ...filter])
}

/** Runs a command of the repository and ends with its exit code where it fails. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    // npm is a script there, which only a shell can run.
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (error) console.error(`${command} could not be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

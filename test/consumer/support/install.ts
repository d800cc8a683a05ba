import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tarball } from './pack.ts'
import { run } from './run.ts'

const APP = join(import.meta.dirname, '../app')

/** An app outside the workspaces: its sources, and exactly these packages beside the packed ones. */
export async function installConsumer(
  folder: string,
  tarballs: readonly Tarball[],
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  cpSync(APP, folder, { recursive: true })
  const packed = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const manifest = { private: true, type: 'module', dependencies: { ...versions, ...packed } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  const { code, text } = await run('npm', ['install', '--prefix', folder, ...FLAGS], folder)
  if (code === 0) return
  if (UNREACHABLE.test(text)) throw new RegistryUnreachable(text)
  throw new Error(text)
}

const FLAGS = [
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--fetch-retries=1',
]
const UNREACHABLE =
  /code (?:E?NOT(?:FOUND|CACHED)|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)/

/** Packages could be had neither from npm's cache nor from its registry. */
export class RegistryUnreachable extends Error {}
